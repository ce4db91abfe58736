#pragma once

// Translates what one simulated Redis does to its keys into what that means for locks, leaderships and
// memberships, and tells a CallLog. The keys are as tooz-compatible drivers spell them; the driver's own
// code is not asked. Told by the server while it executes: must not park.

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "conclave/scenarios/observed/call_log.hpp"

namespace conclave::scenarios {

/// What a lock's key stands for, a lock or "leader_of_GROUP"; nullopt for other keys.
std::optional<std::string_view> lock_of(std::string_view key);
/// The key of a lock.
std::string key_of_lock(const std::string& name);

class RedisCommits {
public:
    /// `log` outlives it.
    explicit RedisCommits(CallLog& log) : log_(log) {}

    /// A change, as the command that a replica is sent.
    void changed(std::span<const std::string_view> words);
    /// The ttl of a key ran out, and `text` was in it.
    void expired(std::string_view key, std::string_view text);

private:
    using Membership = std::pair<std::string, std::string>;  ///< member, group

    void set(std::string_view key, std::string_view text);
    void deleted(std::string_view key);
    void joined(std::string_view key, std::string_view member, std::string_view packed);
    void updated(std::string_view key, std::string_view member, std::string_view packed);
    void left(std::string_view key, std::string_view member);
    void tell_hold(properties::Action action, std::string_view object, const std::string& owner);
    void tell_lives(properties::Action action, std::string_view member);
    void tell_ended(std::string_view key, std::string_view owner);

    CallLog& log_;
    std::map<std::string, std::string, std::less<>> owners_;  ///< of locks, by key
    std::map<Membership, std::string> lives_;                 ///< in the fields of groups
    std::set<std::string, std::less<>> beating_;              ///< members; others are in no group
};

}  // namespace conclave::scenarios
