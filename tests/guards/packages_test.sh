#!/usr/bin/env bash
# scripts/lib/packages.sh against a fake apt: nothing is removed without consent, no service may
# start while packages are installed, and the policy file of the machine is as it was afterwards.
set -euo pipefail
source "$1/scripts/lib/packages.sh"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
policy_file=$folder/policy-rc.d
fake_plan=

# The fakes: what apt would do is in $fake_plan, what it was asked to do goes to $folder/installed.
as_root() { "$@"; }
require_root() { return 0; }
dpkg-query() { [[ ${*: -1} == present ]] && echo installed; }
env() { shift; "$@"; }
apt-get() {
    if [[ $* == *update* ]]; then return 0; fi
    if [[ $1 == -s ]]; then printf '%s\n' "$fake_plan"; return 0; fi
    printf '%s\n' "$*" >>"$folder/installed"
    cp "$policy_file" "$folder/policy-during-install"
}

failures=0
expect() { # usage: expect DESCRIPTION COMMAND...
    local description=$1
    shift
    if "$@"; then return 0; fi
    echo "FAILED: $description" >&2
    failures=$((failures + 1))
}
not() { ! "$@"; }
reset() { rm -f "$folder"/installed "$folder"/policy*; fake_plan='Inst absent (1.0)'; }
ensure() { ensure_packages "$@" >"$folder/output" 2>&1; }

reset
expect 'a complete machine is not touched' ensure 0 present
expect 'apt did not run' test ! -e "$folder/installed"

reset
fake_plan=$'Remv libboost1.74-dev [1.74]\nInst absent (1.0)'
expect 'a removal is refused' not ensure 0 present absent
expect 'the refusal names the package' grep -q 'libboost1.74-dev \[1.74\]' "$folder/output"
expect 'the refusal names the way out' grep -q -- --allow-removals "$folder/output"
expect 'nothing was installed' test ! -e "$folder/installed"
expect 'consent is honoured' ensure 1 absent
expect 'apt ran' test -e "$folder/installed"

reset
expect 'a missing package is installed' ensure 0 present absent
expect 'only the missing one' grep -q 'no-install-recommends absent$' "$folder/installed"
expect 'services were forbidden' grep -q 'exit 101' "$folder/policy-during-install"
expect 'the policy is gone' test ! -e "$policy_file"

reset
echo 'policy of the machine' >"$policy_file"
expect 'an existing policy is no obstacle' ensure 0 absent
expect 'services were forbidden anyway' grep -q 'exit 101' "$folder/policy-during-install"
expect 'the policy is restored' grep -q 'policy of the machine' "$policy_file"

reset
echo 'policy of the machine' >"$policy_file"
forbid_services # a run that is killed here leaves both files behind
expect 'the next run succeeds' ensure 0 absent
expect 'and restores the policy' grep -q 'policy of the machine' "$policy_file"
expect 'and leaves no copy' test ! -e "$policy_file.conclave-saved"

exit $((failures > 0))
