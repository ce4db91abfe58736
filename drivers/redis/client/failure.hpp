#pragma once

// Failures as values, below the client's public face: no fiber parks while an exception is handled.

#include <cstdint>
#include <optional>
#include <string>

#include "conclave/codec/resp.hpp"
#include "conclave/error.hpp"

namespace conclave::redis {

enum class Trouble : std::uint8_t {
    broken,     ///< the connection could not be made, broke, or spoke nonsense
    timed_out,  ///< the bound of this attempt passed
    cancelled,  ///< the calling fiber's group was cancelled
    refused,    ///< the server answered with an error, and waiting does not help
    later,      ///< the server cannot serve now: loading, busy
    elsewhere,  ///< this server is not the master: look for it again
};

struct Failure {
    Trouble trouble = Trouble::broken;
    Effect effect = Effect::none;
    std::string text;
};

/// A reply, or why there is none.
struct Exchange {
    resp::Reply reply;
    std::optional<Failure> failure;
};

/// Throws the public error for `failure`: ConnectionError, OperationTimedOut, Cancelled or Error.
[[noreturn]] void raise(const Failure& failure);

}  // namespace conclave::redis
