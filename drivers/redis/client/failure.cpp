#include "failure.hpp"

#include <exception>
#include <utility>

namespace conclave::redis {

namespace {

template <class Problem>
[[noreturn]] void raise_as(const Failure& failure) {
    Problem problem(failure.text, failure.effect);
    if (!failure.cause) throw problem;
    try {
        raise(*failure.cause);
    } catch (const Error&) {
        std::throw_with_nested(std::move(problem));
    }
}

}  // namespace

void raise(const Failure& failure) {
    switch (failure.trouble) {
        case Trouble::timed_out: raise_as<OperationTimedOut>(failure);
        case Trouble::cancelled: raise_as<Cancelled>(failure);
        case Trouble::broken:
        case Trouble::elsewhere: raise_as<ConnectionError>(failure);
        case Trouble::denied: raise_as<AccessDenied>(failure);
        case Trouble::later:
        case Trouble::refused: break;
    }
    raise_as<Error>(failure);
}

}  // namespace conclave::redis
