# shellcheck shell=bash
# Same seeds, same trace hashes, whatever compiled them. Sourced, not run.
#
# The second build differs in all that may leak into a run: the compiler (order of argument
# evaluation), the optimisation (uninitialised stack, filled with a pattern) and the allocator's
# filling (uninitialised heap).

hash_seeds=1

compare_hashes() {
    local folder=build/hashes
    mkdir -p "$folder"
    build/release/tools/conclave_hash_tool "$hash_seeds" >"$folder/gcc" || return
    MALLOC_PERTURB_=165 build/clang/tools/conclave_hash_tool "$hash_seeds" >"$folder/clang" || return
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
