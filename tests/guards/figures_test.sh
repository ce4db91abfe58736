#!/usr/bin/env bash
# scripts/lib/figures.sh: which figures miss their targets, and that it can be an error.
set -euo pipefail
source "$1/scripts/lib/figures.sh"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0
# usage: expect STATUS EXPECTED_OUTPUT FIGURE...
expect() {
    local status=0 wanted=$1 expected=$2 output
    shift 2
    printf '%s\n' "$@" >"$folder/figures"
    output=$(judge_figures "$folder/figures") || status=$?
    if [[ $status == "$wanted" && $output == "$expected" ]]; then return 0; fi
    printf 'FAILED: %s\n  gave %s: %s\n' "$*" "$status" "$output" >&2
    failures=$((failures + 1))
}

expect 0 '# 0 of 2 targets missed' 'a 1.50 s <=1.5 0.4 b' 'c 6000 /s >=6000 - -'
expect 1 $'MISSED a: 1.51 s (0.4 of b), the target is <=1.5\n# 1 of 2 targets missed' \
    'a 1.51 s <=1.5 0.4 b' 'c 6000 /s >=6000 - -'
expect 1 $'MISSED c: 999.50 /s (- of -), the target is >=1000\n# 1 of 1 targets missed' \
    'c 999.50 /s >=1000 - -'
expect 0 '# 0 of 0 targets missed' 'd 7 ns - 1.2 tooz' '# tooz did not run' 'a line of a bench that says more'
expect 1 $'MISSED e: nan s (- of -), the target is <=1\n# 1 of 1 targets missed' 'e nan s <=1 - -'
expect 1 $'MISSED f: 1 s (- of -), the target is soon\n# 1 of 1 targets missed' 'f 1 s soon - -'
expect 1 $'MISSED g: 9000 /s (0.84 of hiredis), the target is >=0.85x\n# 1 of 2 targets missed' \
    'g 9000 /s >=0.85x 0.84 hiredis' 'h 9000 /s >=2x 2.04 tooz'
exit $((failures > 0))
