#include "text.hpp"

namespace conclave::properties {

std::string seconds(std::int64_t nanoseconds) {
    const std::int64_t microseconds = nanoseconds / 1000;
    std::string fraction = std::to_string(microseconds % 1000000);
    fraction.insert(0, 6 - fraction.size(), '0');
    return std::to_string(microseconds / 1000000) + "." + fraction + " s";
}

std::string to_string(HoldEnd end) {
    switch (end) {
        case HoldEnd::released: return "released";
        case HoldEnd::lapsed: return "lapsed";
        case HoldEnd::told_lost: return "told lost";
        case HoldEnd::crashed: return "crashed";
        case HoldEnd::run_over: return "still held when the run ended";
    }
    return "?";
}

std::string to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::held: return "held";
        case Outcome::violated: return "violated";
        case Outcome::undecided: return "undecided";
    }
    return "?";
}

}  // namespace conclave::properties
