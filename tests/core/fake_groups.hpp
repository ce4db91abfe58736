#pragma once

// The groups of FakeBackend.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "fake_link.hpp"

namespace conclave::testing {

class FakeGroups final : public Groups {
public:
    explicit FakeGroups(FakeLink& link) : link_(link) {}
    void create_group(const std::string& group, Deadline deadline) override {
        link_.call(deadline, [&] {
            if (!link_.backend.groups.try_emplace(group).second) throw GroupAlreadyExist(group);
        });
    }
    void delete_group(const std::string& group, Deadline deadline) override {
        link_.call(deadline, [&] {
            if (!members(group).empty()) throw GroupNotEmpty(group);
            link_.backend.groups.erase(group);
        });
    }
    std::vector<std::string> get_groups(Deadline deadline) override {
        return link_.call(deadline, [&] {
            std::vector<std::string> names;
            for (const auto& [name, members] : link_.backend.groups) names.push_back(name);
            return names;
        });
    }
    void join_group(const std::string& group, const Value& capabilities,
                    Deadline deadline) override {
        link_.call(deadline, [&] {
            if (!members(group).emplace(link_.member_id, capabilities).second)
                throw MemberAlreadyExist(group, link_.member_id);
        });
    }
    void leave_group(const std::string& group, Deadline deadline) override {
        link_.call(deadline, [&] {
            if (members(group).erase(link_.member_id) == 0)
                throw MemberNotJoined(group, link_.member_id);
        });
    }
    std::set<std::string> get_members(const std::string& group, Deadline deadline) override {
        return link_.call(deadline, [&] {
            std::set<std::string> ids;
            for (const auto& [id, capabilities] : members(group)) ids.insert(id);
            return ids;
        });
    }
    std::map<std::string, Value> get_members_with_capabilities(const std::string& group,
                                                               Deadline deadline) override {
        return link_.call(deadline, [&] {
            for (const auto& [member, each] : members(group)) require_readable(member);
            return members(group);
        });
    }
    Value get_member_capabilities(const std::string& group, const std::string& member,
                                  Deadline deadline) override {
        return link_.call(deadline, [&] {
            require_readable(member);
            return capabilities(group, member);
        });
    }
    void update_capabilities(const std::string& group, const Value& value,
                             Deadline deadline) override {
        link_.call(deadline, [&] { capabilities(group, link_.member_id) = value; });
    }

private:
    std::map<std::string, Value>& members(const std::string& group) {
        const auto found = link_.backend.groups.find(group);
        if (found == link_.backend.groups.end()) throw GroupNotCreated(group);
        return found->second;
    }
    Value& capabilities(const std::string& group, const std::string& member) {
        const auto found = members(group).find(member);
        if (found == members(group).end()) throw MemberNotJoined(group, member);
        return found->second;
    }
    void require_readable(const std::string& member) const {
        if (link_.backend.unreadable.contains(member))
            throw SerializationError("capabilities of " + member + " cannot be read");
    }
    FakeLink& link_;
};

}  // namespace conclave::testing
