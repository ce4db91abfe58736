#!/usr/bin/env bash
# docs/tooz-parity.md against the list of tooz's cases and the tests of this tree: every case has one
# row, every row names tests that exist and are registered with ctest, or says why there are none. Then
# the same with faults planted.
#
# usage: parity_test.sh ROOT BUILD LIVE   LIVE says whether BUILD has the tests that need real servers
set -euo pipefail
root=$1
build=$2
live=$3
cases=$root/tests/guards/tooz_cases.txt
page=$root/docs/tooz-parity.md
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# "Suite.Name" of every test in the sources of these folders.
known_tests() { # usage: known_tests FOLDER...
    find "$@" -name '*.cpp' -print0 | xargs -0 cat | tr '\n' ' ' |
        grep -oE '(TEST|TEST_F|TEST_P|TYPED_TEST|RC_GTEST_PROP)\( *[A-Za-z0-9_]+ *, *[A-Za-z0-9_]+' |
        sed -E 's/^[A-Z_]+\( *([A-Za-z0-9_]+) *, *([A-Za-z0-9_]+)$/\1.\2/' | sort -u
}

# "Suite.Name" of every test that the build runs, whatever its place and parameter. A source that no
# CMakeLists.txt lists is not among them, nor a suite of TEST_P that nothing instantiates.
registered_tests() {
    ctest --test-dir "$build" -N | sed -nE 's/^ +Test +#[0-9]+: //p' >"$folder/all"
    if grep '_NOT_BUILT' "$folder/all" >"$folder/not-built"; then
        echo "$(wc -l <"$folder/not-built") executables of tests are not built:" \
            'whether a test is registered was not checked' >&2
        cat "$folder/known"
        return
    fi
    sed -E 's#^[A-Za-z0-9_]+/([A-Z])#\1#; s#/.*$##' "$folder/all"
    # Without real servers these are not built.
    if [[ $live != ON ]]; then known_tests "$root/tests/interop"; fi
}

# "module.case|tests|remark" of every row below "### module" of a page.
rows() {
    awk -F'|' '/^### /{module = substr($0, 5)}
        module && /^\| (do_)?test_/{gsub(/ /, "", $2); print module "." $2 "|" $3 "|" $4}' "$1"
}

# What is wrong with a page, one line each.
faults() { # usage: faults PAGE
    rows "$1" | cut -d'|' -f1 | sort >"$folder/rowed"
    uniq -d "$folder/rowed" | sed 's/^/two rows: /'
    grep -v '^#' "$cases" | sort | comm -23 - <(sort -u "$folder/rowed") | sed 's/^/no row: /'
    grep -v '^#' "$cases" | sort | comm -13 - <(sort -u "$folder/rowed") | sed 's/^/no such case: /'
    rows "$1" | grep -vE '\|.*`.*\||\| - \| does not apply: .+' | sed 's/^/neither a test nor a reason: /' || true
    grep -E '^\| ' "$1" | grep -oE '`?[A-Z][A-Za-z0-9]+\.[A-Z][A-Za-z0-9]+`?' | tr -d '`' |
        sort -u >"$folder/named"
    comm -23 "$folder/named" "$folder/known" | sed 's/^/no such test: /'
    comm -12 "$folder/named" "$folder/known" | comm -23 - "$folder/registered" |
        sed 's/^/a test that never runs: /'
}

failures=0
expect_fault() { # usage: expect_fault LINE SED-SCRIPT
    sed -E "$2" "$page" >"$folder/planted"
    faults "$folder/planted" >"$folder/found"
    if grep -qxF "$1" "$folder/found"; then return 0; fi
    echo "FAILED: a planted fault was not found: $1" >&2
    failures=$((failures + 1))
}

known_tests "$root/tests" >"$folder/known"
registered_tests | sort -u >"$folder/registered"
found=$(faults "$page")
if [[ -n $found ]]; then
    printf '%s\n' "$found" >&2
    failures=1
fi
expect_fault 'no row: test_coordination.test_stop_first' '/test_stop_first/d'
expect_fault 'two rows: test_coordination.test_stop_first' '/test_stop_first/p'
expect_fault 'no such case: test_coordination.test_stop_last' 's/test_stop_first/test_stop_last/'
expect_fault 'no such test: SeedGroups.ACreatedGroupIsLost' 's/ACreatedGroupIsListed/ACreatedGroupIsLost/'
expect_fault 'neither a test nor a reason: test_file.test_base_dir_win32| - | ' \
    's/(test_base_dir_win32 \| - \|).*/\1 |/'
sed -i '/^SeedGroups\./d' "$folder/registered"
expect_fault 'a test that never runs: SeedGroups.ACreatedGroupIsListed' ''
exit $((failures > 0))
