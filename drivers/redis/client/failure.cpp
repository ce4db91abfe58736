#include "failure.hpp"

namespace conclave::redis {

void raise(const Failure& failure) {
    switch (failure.trouble) {
        case Trouble::timed_out: throw OperationTimedOut(failure.text, failure.effect);
        case Trouble::cancelled: throw Cancelled(failure.text, failure.effect);
        case Trouble::broken:
        case Trouble::elsewhere: throw ConnectionError(failure.text, failure.effect);
        case Trouble::later:
        case Trouble::refused: break;
    }
    throw Error(failure.text, failure.effect);
}

}  // namespace conclave::redis
