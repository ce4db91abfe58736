# shellcheck shell=bash
# Named stages with their wall time. Sourced by the commands of this folder.

stage_names=()
stage_seconds=()

# usage: run_stage NAME COMMAND...   ends the script with the command's status when it fails
run_stage() {
    local name=$1 started=$SECONDS status=0
    shift
    printf '== %s\n' "$name"
    "$@" || status=$?
    stage_names+=("$name")
    stage_seconds+=($((SECONDS - started)))
    if ((status != 0)); then
        print_stage_times
        printf 'FAILED in stage %s (status %d)\n' "$name" "$status" >&2
        exit "$status"
    fi
}

print_stage_times() {
    local i total=0
    printf '== stage times\n'
    for i in "${!stage_names[@]}"; do
        printf '%6d s  %s\n' "${stage_seconds[i]}" "${stage_names[i]}"
        total=$((total + stage_seconds[i]))
    done
    printf '%6d s  total\n' "$total"
}
