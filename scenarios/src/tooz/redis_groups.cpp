#include "redis_groups.hpp"

#include <algorithm>

#include "packed.hpp"

namespace conclave::tooz {

namespace {

namespace scripts = redis::scripts;  // those of tooz that are used here do the same steps

const std::string all_groups = "_tooz_groups";
const std::string created = "__created__";

std::string key_of(const std::string& group) { return "_tooz_group:" + group; }

}  // namespace

void RedisGroups::create_group(const std::string& group, Deadline deadline) {
    const resp::Reply done =
        redis_.run(scripts::create_group, {key_of(group), all_groups}, {group}, deadline);
    if (done.integer == 0) throw GroupAlreadyExist(group);
}

void RedisGroups::delete_group(const std::string& group, Deadline deadline) {
    const resp::Reply done =
        redis_.run(scripts::delete_group, {key_of(group), all_groups}, {group}, deadline);
    if (done.integer == -1) throw GroupNotCreated(group);
    if (done.integer == -3) throw GroupNotEmpty(group);
}

std::vector<std::string> RedisGroups::get_groups(Deadline deadline) {
    std::vector<std::string> groups;
    for (const resp::Reply& each :
         redis_.call({"SMEMBERS", all_groups}, Effect::none, deadline).elements)
        groups.push_back(each.text);
    std::ranges::sort(groups);
    return groups;
}

std::vector<resp::Reply> RedisGroups::transaction(const std::string& group, Deadline deadline,
                                                  const Body& body) {
    for (;;) {
        Pipeline pipeline(redis_, deadline);
        pipeline.ask({"WATCH", key_of(group)});
        if (pipeline.ask({"EXISTS", key_of(group)}).integer == 0) {
            pipeline.ask({"UNWATCH"});
            throw GroupNotCreated(group);
        }
        std::vector<Words> commands = body(pipeline);
        commands.insert(commands.begin(), Words{"MULTI"});
        commands.push_back({"EXEC"});
        resp::Reply done = pipeline.ask_all(commands);
        if (done.type == resp::Type::array) return std::move(done.elements);
    }
}

void RedisGroups::join_group(const std::string& group, const Value& capabilities,
                             Deadline deadline) {
    const std::string value = packed(capabilities);
    const auto replies = transaction(group, deadline, [&](Pipeline&) {
        return std::vector<Words>{{"HSET", key_of(group), member_id_, value}};
    });
    // Told after it has written over what was there.
    if (replies.at(0).integer == 0) throw MemberAlreadyExist(group, member_id_);
}

void RedisGroups::leave_group(const std::string& group, Deadline deadline) {
    const auto replies = transaction(group, deadline, [&](Pipeline&) {
        return std::vector<Words>{{"HDEL", key_of(group), member_id_}};
    });
    if (replies.at(0).integer == 0) throw MemberNotJoined(group, member_id_);
}

std::map<std::string, std::string> RedisGroups::read_members(const std::string& group,
                                                             Deadline deadline) {
    std::map<std::string, std::string> members;
    transaction(group, deadline, [&](Pipeline& pipeline) -> std::vector<Words> {
        members.clear();
        const auto fields = pipeline.ask({"HGETALL", key_of(group)}).elements;
        for (std::size_t i = 0; i + 1 < fields.size(); i += 2)
            if (fields[i].text != created) members.emplace(fields[i].text, fields[i + 1].text);
        if (members.empty()) return {};
        Words look{"MGET"};
        for (const auto& [member, value] : members) look.push_back(beat_key(member));
        const auto beats = pipeline.ask(look).elements;
        Words evict{"HDEL", key_of(group)};
        std::size_t at = 0;
        for (const auto& [member, value] : members)
            if (beats.at(at++).type == resp::Type::null && member != member_id_)
                evict.push_back(member);
        if (evict.size() == 2) return {};
        for (std::size_t i = 2; i < evict.size(); ++i) members.erase(evict[i]);
        return {evict};
    });
    return members;
}

std::set<std::string> RedisGroups::get_members(const std::string& group, Deadline deadline) {
    std::set<std::string> members;
    for (const auto& [member, value] : read_members(group, deadline)) members.insert(member);
    return members;
}

std::map<std::string, Value> RedisGroups::get_members_with_capabilities(const std::string& group,
                                                                        Deadline deadline) {
    std::map<std::string, Value> members;
    for (const auto& [member, value] : read_members(group, deadline))
        members.emplace(member, unpacked(value));
    return members;
}

Value RedisGroups::get_member_capabilities(const std::string& group, const std::string& member,
                                           Deadline deadline) {
    resp::Reply value;
    transaction(group, deadline, [&](Pipeline& pipeline) -> std::vector<Words> {
        value = pipeline.ask({"HGET", key_of(group), member});
        return {};
    });
    if (value.type == resp::Type::null) throw MemberNotJoined(group, member);
    return unpacked(value.text);
}

void RedisGroups::update_capabilities(const std::string& group, const Value& capabilities,
                                      Deadline deadline) {
    // The second key is ours, and not there when only tooz's algorithm writes.
    const resp::Reply done =
        redis_.run(scripts::update_capabilities, {key_of(group), "_tooz_no_join"},
                   {member_id_, packed(capabilities), ""}, deadline);
    if (done.integer == -1) throw GroupNotCreated(group);
    if (done.integer == 0) throw MemberNotJoined(group, member_id_);
}

}  // namespace conclave::tooz
