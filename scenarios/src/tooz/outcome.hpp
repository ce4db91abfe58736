#pragma once

// Outcomes of file operations as exceptions.

#include "conclave/error.hpp"
#include "conclave/files.hpp"

namespace conclave::tooz {

inline void require(const FileOutcome& outcome) {
    switch (outcome.status) {
        case FileStatus::ok: return;
        case FileStatus::timed_out: throw OperationTimedOut(outcome.detail, outcome.effect);
        case FileStatus::cancelled: throw Cancelled(outcome.detail, outcome.effect);
        case FileStatus::failed: throw ConnectionError(outcome.detail, outcome.effect);
        default: throw Error(outcome.detail, outcome.effect);
    }
}

}  // namespace conclave::tooz
