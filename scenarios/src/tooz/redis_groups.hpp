#pragma once

// tooz's groups on Redis: a hash per group, a beat per member. Steps of several commands watch the
// hash, and the hash only: a beat may arrive between a reader's look and its eviction. What a
// reader evicts stays out, for nobody joins again but who asks to.
// Source: tooz 3.1 to 9.0 drivers/redis.py RedisDriver, from create_group to get_groups.

#include <functional>
#include <string>

#include "conclave/driver.hpp"
#include "python_redis.hpp"

namespace conclave::tooz {

class RedisGroups final : public Groups {
public:
    RedisGroups(PythonRedis& redis, std::string member_id)
        : redis_(redis), member_id_(std::move(member_id)) {}

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

    static std::string beat_key(const std::string& member) { return "_tooz_beats:" + member; }

private:
    /// Reads what it needs, and returns the commands to be done if the group is still as it was.
    using Body = std::function<std::vector<Words>(Pipeline&)>;
    /// Until nobody touched the group meanwhile; what the commands answered.
    std::vector<resp::Reply> transaction(const std::string& group, Deadline deadline,
                                         const Body& body);
    /// Packed capabilities of those who are there, by member; evicts the others.
    std::map<std::string, std::string> read_members(const std::string& group, Deadline deadline);

    PythonRedis& redis_;
    const std::string member_id_;
};

}  // namespace conclave::tooz
