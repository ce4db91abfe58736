# shellcheck shell=bash
# How the commands of this folder build. Sourced, not run; the working folder is the repository.

jobs=${CONCLAVE_JOBS:-$(nproc)}
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

# usage: build_preset PRESET TARGETS CMAKE_ARGUMENT...   TARGETS is one word list, e.g. "all"
build_preset() {
    local preset=$1 targets=$2
    shift 2
    # The log is shown only when something goes wrong: nobody reads a good one.
    quietly cmake --preset "$preset" "$@" || return
    # shellcheck disable=SC2086
    cmake --build "build/$preset" -j "$jobs" --target $targets
}

quietly() {
    local output
    if output=$("$@" 2>&1); then return 0; fi
    printf '%s\n' "$output" >&2
    return 1
}

# usage: run_tests BUILD LABEL_PATTERN   no test with such a label is a failure
run_tests() {
    ctest --test-dir "build/$1" -L "^($2)\$" --no-tests=error --output-on-failure -j "$jobs" \
        --timeout 300 --schedule-random
}

# Lines that a passing test wants to be seen: it prints them as "summary: TEXT".
print_test_summaries() {
    sed -n 's/^summary: //p' "build/$1/Testing/Temporary/LastTest.log"
}
