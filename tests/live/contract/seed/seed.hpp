#pragma once

// The seed's face on every backend: tooz's own test-suite, in our words. docs/tooz-parity.md says
// which of its cases each test stands for.

#include <string>
#include <vector>

#include "../suite.hpp"
#include "conclave/coordinator.hpp"

namespace conclave::contract {

class SeedContract : public DriverContract {
protected:
    static bool in_folder() { return GetParam().backend == PlaceKind::Backend::folder; }
};
class SeedElections : public SeedContract {};
class SeedGroups : public SeedContract {};
class SeedLifeCycle : public SeedContract {};
class SeedLockGuards : public SeedContract {};
class SeedLocks : public SeedContract {};
class SeedMembers : public SeedContract {};
class SeedPartitioner : public SeedContract {};
/// Where the backend has shared locks.
class SeedSharedLocks : public SeedContract {};
class SeedWatches : public SeedContract {};

/// One server, or one folder: how servers replace each other is not the seed's concern.
inline std::vector<PlaceKind> seed_places() {
    return place_kinds({PlaceKind::Backend::server, PlaceKind::Backend::folder});
}

/// Hooks that write down what they are told, and return 42 as those of tooz's tests do.
class Events {
public:
    Hook<MemberJoinedGroup> joined() { return hook<MemberJoinedGroup>("joined"); }
    Hook<MemberLeftGroup> left() { return hook<MemberLeftGroup>("left"); }
    Hook<LeaderElected> elected() { return hook<LeaderElected>("elected"); }
    Hook<LeadershipLost> lost() { return hook<LeadershipLost>("lost"); }
    /// "group: member joined" and so on, in order; forgets them.
    std::vector<std::string> take() { return std::exchange(seen_, {}); }

private:
    template <class Event>
    Hook<Event> hook(std::string what) {
        return [this, what](const Event& event) {
            seen_.push_back(event.group_id + ": " + event.member_id + " " + what);
            return 42;
        };
    }

    std::vector<std::string> seen_;
};

}  // namespace conclave::contract
