#pragma once

// The exit codes of the production verbs, after sysexits.h where it has one. 128+n is signal n.

namespace conclave::tool {

enum ProductionExit : int {
    done = 0,
    bad_usage = 64,
    unavailable = 69,
    internal_error = 70,
    not_obtained = 75,    ///< in time; another holds it
    not_permitted = 77,   ///< by password, access list or file permissions
    not_configured = 78,  ///< the backend, or what it is set up for, cannot do this
    lost = 79,            ///< the hold ended while CMD ran
    cannot_execute = 126,
    not_found = 127,
    signal_base = 128,
};

}  // namespace conclave::tool
