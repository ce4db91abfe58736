# shellcheck shell=bash
# Same seeds, same trace hashes, whatever compiled them. Sourced, not run.
#
# The second build differs in all that may leak into a run: the compiler (order of argument
# evaluation), the optimisation (uninitialised stack, filled with a pattern) and the allocator's
# filling (uninitialised heap).

hash_seeds=4

# usage: print_hashes BUILD FILE   half of the seeds beside the other half
print_hashes() {
    local tool=build/$1/tools/conclave_hash_tool half=$((hash_seeds / 2)) other
    "$tool" $((half + 1)) "$hash_seeds" >"$2.other" &
    other=$!
    "$tool" 1 "$half" >"$2" || return
    wait "$other" || return
    cat "$2.other" >>"$2"
}

compare_hashes() {
    local folder=build/hashes
    mkdir -p "$folder"
    print_hashes release "$folder/gcc" || return
    MALLOC_PERTURB_=165 print_hashes clang "$folder/clang" || return
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
