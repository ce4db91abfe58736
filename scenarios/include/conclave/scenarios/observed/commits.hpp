#pragma once

// Which call a store's commit belongs to. What is linked wrongly makes no verdict wrong: the order of
// the commits is only tried first, and explains a history or does not.

#include <cstdint>
#include <vector>

#include "conclave/properties/calls.hpp"

namespace conclave::scenarios {

/// A change of an object at its store; its place among all commits is its revision.
struct Commit {
    properties::Action action = properties::Action::acquire;
    properties::TextId object = 0;
    properties::TextId name = 0;  ///< an owner, or a life of a member
    std::int64_t at_ns = 0;
};

/// Gives each update the revision of its commit: one of its action, object and name while it was under
/// way; to calls of unknown outcome what is left. Expiries end the lease that was begun last.
void link_commits(properties::Calls& history, const std::vector<Commit>& commits);

}  // namespace conclave::scenarios
