#pragma once

// Groups on Redis, in tooz's keys: a hash per group, a field per member, and a beat per member that
// lapses by itself. Every step is one script, so that a beat cannot arrive between a reader's look
// and its eviction. Part of RedisDriver.
// Source: tooz drivers/redis.py RedisDriver; what it lacks is said at each function.

#include <map>
#include <string>

#include "../client/client.hpp"
#include "conclave/driver.hpp"
#include "driver_options.hpp"
#include "keys.hpp"

namespace conclave::redis {

class RedisGroups final : public Groups {
public:
    RedisGroups(Runtime& runtime, Client& client, const Keys& keys, const DriverOptions& options,
                std::string member_id);

    /// This process is another one from now on: whatever an earlier one joined under our member id
    /// lapses, and may be taken over once it has.
    void begin();

    void create_group(const std::string& group, Deadline deadline) override;
    void delete_group(const std::string& group, Deadline deadline) override;
    std::vector<std::string> get_groups(Deadline deadline) override;
    void join_group(const std::string& group, const Value& capabilities,
                    Deadline deadline) override;
    void leave_group(const std::string& group, Deadline deadline) override;
    std::set<std::string> get_members(const std::string& group, Deadline deadline) override;
    std::map<std::string, Value> get_members_with_capabilities(const std::string& group,
                                                               Deadline deadline) override;
    Value get_member_capabilities(const std::string& group, const std::string& member,
                                  Deadline deadline) override;
    void update_capabilities(const std::string& group, const Value& capabilities,
                             Deadline deadline) override;

    /// Renews the beat and, in the same step, our place in every group that evicted us.
    Beat beat(Deadline deadline);
    /// Withdraws the beat and forgets every membership.
    void withdraw(Deadline deadline);

private:
    /// The one that this configuration runs.
    const scripts::Script& told(const scripts::Script& quiet, const scripts::Script& telling) const;
    Answer run(const scripts::Script& script, std::vector<std::string> keys,
               std::vector<std::string> arguments, Repeat repeat, Deadline deadline);
    std::vector<resp::Reply> read_members(const std::string& group, Deadline deadline);
    /// Our join in `group`, and the number of its last update; as stored when this process did not join
    /// it.
    std::string join_in(const std::string& group, Deadline deadline);
    std::string stored_join(const std::string& group, Deadline deadline);
    /// Greater than every earlier one of this process.
    std::string next_incarnation();
    Duration join_ttl() const;
    Beat note_outcomes(const std::vector<std::string>& groups, const resp::Reply& outcomes);
    /// Greater than that of every earlier update of this process, and of the one that `join` names.
    std::string next_update(std::string_view join);
    /// The server has had our beat.
    void renewed(const Answer& answer);
    void tell(std::string_view event, const std::string& group);

    Runtime& runtime_;
    Client& client_;
    const Keys& keys_;
    const DriverOptions& options_;
    const std::string member_id_;
    std::string process_;  ///< 32 hex digits that begin each of our incarnations
    std::uint64_t joins_ = 0, updates_ = 0;
    bool has_beat_ = false;  ///< it may have one at the server
    /// Held while membership changes, so that a beat cannot rejoin a group that is being left.
    FiberMutex membership_;
    struct Joined {
        std::string capabilities;  ///< packed
        std::string incarnation;
        std::string update = {};   ///< the number of the update that set them
    };
    TimePoint renewed_until_ = TimePoint::min();  ///< no membership of ours can have lapsed before
    std::map<std::string, Joined> joined_;  ///< by group
    std::map<std::string, std::string> doubtful_joins_;  ///< incarnations of joins without an answer
};

}  // namespace conclave::redis
