#pragma once

// What a CallLog tells while it records, and the words that both use.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "conclave/properties/calls.hpp"

namespace conclave::scenarios {

/// Each kind of object has a history of its own.
enum class Observed : std::uint8_t { locks, leaderships, groups, capabilities };
inline constexpr std::array all_observed{Observed::locks, Observed::leaderships, Observed::groups,
                                         Observed::capabilities};

/// One life of a process, from its start to its death.
struct Incarnation {
    std::string process;  ///< its name
    int number = 1;       ///< grows with every restart
};

/// The end of a hold, or of the memberships of a member in a group: in all when `object` is empty.
struct Ended {
    Observed kind = Observed::locks;
    std::string object;
    std::string name;            ///< the owner or member
    std::string cause;           ///< for people
    bool silence_timer = false;  ///< a ttl ran out that measured silence
};

/// A membership that a beat under way, or one of unknown outcome, may still bring back.
struct DoubtfulLife {
    std::string group;
    std::string life;
    std::int64_t since_ns = 0;
    std::int64_t lease_ns = 0;
};

/// Told of what a log records while it does, for a process that may be killed at any moment. What it
/// is told was not sent, or not acted upon, before it returns. Must not park.
class CallJournal {
public:
    virtual ~CallJournal() = default;
    /// The call of this number has begun; nothing of it was sent.
    virtual void begun(Observed kind, std::uint32_t number, const properties::Calls& calls) = 0;
    /// It has ended, and may have begun earlier than was told; one of unknown outcome never ends.
    virtual void ended(Observed kind, std::uint32_t number, const properties::Calls& calls) = 0;
    /// Replaces what it was told before.
    virtual void doubtful(const std::vector<DoubtfulLife>& lives) = 0;
    /// See CallLog.
    virtual void earlier_lives_may_end(const std::string& member, const std::string& group,
                                       std::int64_t at_ns) = 0;
};

}  // namespace conclave::scenarios
