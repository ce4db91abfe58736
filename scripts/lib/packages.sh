# shellcheck shell=bash
# Debian packages: which ones, and how they are installed without surprises. Sourced, not run.
#
# Three promises: nothing is removed unless --allow-removals was given (Boost 1.81's headers conflict
# with 1.74's, and apt would remove those and what depends on them without a word), no service is
# started, and a machine that has everything is not touched.

policy_file=${policy_file:-/usr/sbin/policy-rc.d}
policy_mark='# written by conclave scripts/lib/packages.sh'

build_packages=(g++ cmake ninja-build pkg-config ccache lld
    libboost1.81-dev libboost-context1.81-dev libhiredis-dev libssl-dev
    libtomlplusplus-dev libcli11-dev nlohmann-json3-dev librapidcheck-dev)
test_packages=(libgtest-dev libgmock-dev binutils clang
    redis-server redis-sentinel redis-tools python3-tooz python3-redis openssl iproute2)

# usage: ensure_packages ALLOW_REMOVALS(0|1) PACKAGE...
ensure_packages() {
    local allow_removals=$1 missing
    shift
    mapfile -t missing < <(missing_packages "$@")
    if ((${#missing[@]} == 0)); then
        echo 'all packages are installed'
        return 0
    fi
    printf 'to install: %s\n' "${missing[*]}"
    require_root "${missing[@]}" || return
    update_package_lists || return
    refuse_removals "$allow_removals" "${missing[@]}" || return
    install_without_services "${missing[@]}"
}

missing_packages() {
    local package state
    for package in "$@"; do
        state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
        [[ $state == installed ]] || printf '%s\n' "$package"
    done
}

as_root() {
    if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

require_root() {
    if ((EUID == 0)) || command -v sudo >/dev/null; then return 0; fi
    printf 'error: installing needs root or sudo; as root run:\n  apt-get install %s\n' "$*" >&2
    return 1
}

# DPkg::Lock::Timeout waits for the package database only, not for the lists: hence the retries.
update_package_lists() {
    local attempt output
    for attempt in {1..60}; do
        if output=$(as_root apt-get -q update 2>&1); then return 0; fi
        if [[ $output != *'Could not get lock'* ]]; then break; fi
        printf 'another package manager is running, waiting (%d of 60)\n' "$attempt"
        sleep 5
    done
    printf '%s\nerror: apt-get update failed\n' "$output" >&2
    return 1
}

# usage: refuse_removals ALLOW_REMOVALS PACKAGE...
refuse_removals() {
    local allow_removals=$1 plan removed
    shift
    if ! plan=$(apt-get -s install --no-install-recommends "$@" 2>&1); then
        printf '%s\nerror: apt cannot install these packages\n' "$plan" >&2
        return 1
    fi
    removed=$(awk '$1 == "Remv" {print "  " $2 " " $3}' <<<"$plan")
    if [[ -z $removed ]]; then return 0; fi
    if ((allow_removals)); then
        printf 'apt removes (--allow-removals):\n%s\n' "$removed"
        return 0
    fi
    printf 'error: apt would remove these packages:\n%s\n' "$removed" >&2
    printf 'Nothing was changed. Run again with --allow-removals to accept that.\n' >&2
    return 1
}

install_without_services() {
    local status=0
    trap 'restore_policy; exit 130' INT TERM
    forbid_services
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 \
        install --no-install-recommends "$@" || status=$?
    restore_policy
    trap - INT TERM
    return "$status"
}

# invoke-rc.d starts nothing while this policy answers 101 (Debian policy, section 9.3.3).
forbid_services() {
    restore_policy
    if [[ -e $policy_file ]]; then as_root mv "$policy_file" "$policy_file.conclave-saved"; fi
    printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" | as_root tee "$policy_file" >/dev/null
    as_root chmod 755 "$policy_file"
}

# Also undoes what a run that was killed left behind.
restore_policy() {
    if grep -qsF "$policy_mark" "$policy_file"; then as_root rm -f "$policy_file"; fi
    if [[ -e $policy_file.conclave-saved ]]; then
        as_root mv "$policy_file.conclave-saved" "$policy_file"
    fi
}
