# shellcheck shell=bash
# Same seeds, same trace hashes, whatever compiled them. Sourced, not run.
#
# The second build differs in all that may leak into a run: the compiler (order of argument
# evaluation), the optimisation (uninitialised stack, filled with a pattern) and the allocator's
# filling (uninitialised heap).

compare_hashes() {
    local folder=build/hashes
    mkdir -p "$folder"
    trace_hashes build/release/tools/conclave >"$folder/gcc" || return
    MALLOC_PERTURB_=165 trace_hashes build/clang/tools/conclave >"$folder/clang" || return
    if [[ ! -s $folder/gcc ]]; then
        echo 'error: no trace hash was printed' >&2
        return 1
    fi
    if ! diff -u "$folder/gcc" "$folder/clang"; then
        echo 'error: the builds reach different trace hashes' >&2
        return 1
    fi
    printf '%d trace hashes are equal\n' "$(wc -l <"$folder/gcc")"
}

# usage: trace_hashes TOOL   one line "scenario seed hash" for each run of the sample
trace_hashes() {
    local report
    report=$(mktemp)
    "$1" sim run 'redis/**' --seeds 20 --progress none --json "$report" --out build/hashes/plans \
        >/dev/null || { rm -f "$report"; return 1; }
    python3 -c '
import json, sys
for run in json.load(open(sys.argv[1]))["runs"]:
    print(run["scenario"], run["driver"], run["seed"], run["trace_hash"])' "$report"
    rm -f "$report"
}
