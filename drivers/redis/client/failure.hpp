#pragma once

// Failures as values, below the client's public face: no fiber parks while an exception is handled.

#include <cstdint>
#include <memory>
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
    denied,     ///< refused to this user, or without a password
    later,      ///< the server cannot serve now: loading, busy
    elsewhere,  ///< this server is not the master: look for it again
};

struct Failure {
    Trouble trouble = Trouble::broken;
    Effect effect = Effect::none;
    std::string text;
    std::shared_ptr<const Failure> cause = {};  ///< an earlier failure that led to this one
};
/// `failure` as the cause of another.
inline std::shared_ptr<const Failure> as_cause(Failure failure) {
    return std::make_shared<const Failure>(std::move(failure));
}

/// A reply, or why there is none.
struct Exchange {
    resp::Reply reply;
    std::optional<Failure> failure;
};

/// Throws the public error for `failure`: ConnectionError, OperationTimedOut, Cancelled,
/// AccessDenied or Error, with that for its cause nested in it.
[[noreturn]] void raise(const Failure& failure);

}  // namespace conclave::redis
