#pragma once

// What the non-throwing forms return. A plain value; safe to move between threads.

#include <exception>
#include <string>
#include <utility>
#include <variant>

#include "conclave/error.hpp"

namespace conclave {

/// Why an operation failed, and what it did.
struct Failure {
    ErrorCode code = ErrorCode::other;
    Effect effect = Effect::unknown;
    std::string message;
    std::exception_ptr cause;  ///< the Error itself, with what it was nested from; never null
};

/// A value, or why there is none.
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : outcome_(std::in_place_index<0>, std::move(value)) {}
    Result(Failure failure) : outcome_(std::in_place_index<1>, std::move(failure)) {}

    bool ok() const noexcept { return outcome_.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    /// The value. Errors: the failure's own Error when there is none.
    T& value() & {
        raise();
        return std::get<0>(outcome_);
    }
    T value() && {
        raise();
        return std::get<0>(std::move(outcome_));
    }
    /// Requires: !ok().
    const Failure& failure() const { return std::get<1>(outcome_); }

private:
    void raise() const {
        if (!ok()) std::rethrow_exception(failure().cause);
    }
    std::variant<T, Failure> outcome_;
};

/// Success without a value.
struct Done {};

/// Runs `body` and returns what it returns, or the Error that it threw. Other exceptions pass.
template <class Body>
auto attempt(Body&& body) -> Result<
    std::conditional_t<std::is_void_v<decltype(body())>, Done, std::decay_t<decltype(body())>>> {
    try {
        if constexpr (std::is_void_v<decltype(body())>) {
            body();
            return Done{};
        } else {
            return body();
        }
    } catch (const Error& error) {
        return Failure{error.error_code(), error.effect(), error.what(), std::current_exception()};
    }
}

}  // namespace conclave
