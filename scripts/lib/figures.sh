# shellcheck shell=bash
# Figures of benchmarks against their targets. Sourced, not run.
#
# A figure is a line "name median unit target ratio peer". Its target is "<=NUMBER" or ">=NUMBER" for the
# median, the same with an "x" behind it for the ratio, or "-" for none. Other lines tell about the run.

# usage: judge_figures FILE   one MISSED line for each figure beyond its target, then the count; fails
# when there is one
judge_figures() {
    awk '/^[a-z]/ && NF == 6 && $4 != "-" {
        ++judged
        value = $4 ~ /x$/ ? $5 : $2
        limit = substr($4, 3) + 0
        met = value ~ /^[0-9.]+$/ && $4 ~ /^[<>]=[0-9.]+x?$/ &&
              ($4 ~ /^</ ? value + 0 <= limit : value + 0 >= limit)
        if (met) next
        ++misses
        printf "MISSED %s: %s %s (%s of %s), the target is %s\n", $1, $2, $3, $5, $6, $4
    } END {
        printf "# %d of %d targets missed\n", misses, judged
        exit misses > 0
    }' "$1"
}
