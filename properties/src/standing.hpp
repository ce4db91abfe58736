#pragma once

// What somebody has for certain at an instant, as far as the calls tell.

#include <vector>

#include "conclave/properties/calls.hpp"
#include "conclave/properties/models.hpp"

namespace conclave::properties {

/// A lock, a leadership or a membership that a session was given.
struct Held {
    TextId object = 0;
    TextId name = 0;          ///< the owner or member
    std::uint32_t since = 0;  ///< the call that gave it
    friend bool operator==(const Held&, const Held&) = default;
};

inline bool gives(const Call& call) {
    return call.action == Action::acquire || call.action == Action::join;
}
inline bool takes(const Call& call) {
    return call.action == Action::release || call.action == Action::leave ||
           call.action == Action::expire;
}

/// Whether a call tells who has what it reads: the members of a group, or a leader.
inline bool reads_holders(Model model, const Call& call) {
    return (model == Model::group && call.action == Action::members) ||
           (model == Model::leader && call.action == Action::read);
}
/// Whether such a read tells of what was given.
bool lists(const Calls& history, const Call& read, const Held& held);

/// What had been given before `at_ns` and nobody had even asked to give up, in order of objects and
/// names. Ends of leases do not count: they are no calls.
std::vector<Held> held_at(const Calls& history, std::int64_t at_ns);
/// The same of one session.
std::vector<Held> held_at(const Calls& history, TextId session, std::int64_t at_ns);

}  // namespace conclave::properties
