#include "redis_groups.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "../../common/capabilities.hpp"
#include "conclave/belief.hpp"
#include "conclave/turn.hpp"
#include "milliseconds.hpp"
#include "conclave/unique_text.hpp"
#include "replies.hpp"

namespace conclave::redis {

using common::pack_capabilities;
using common::unpack_capabilities;

namespace {
// How long the backend remembers which join was left: longer than any request that may still arrive.
// Linux gives up an unacknowledged connection after about 15 minutes (tcp_retries2).
constexpr Duration join_memory = std::chrono::hours(1);
// Stands in a join key between the incarnation and the number of its last update.
constexpr char update_mark = '+';

std::string incarnation_of(const std::string& join) { return join.substr(0, join.find(update_mark)); }
}  // namespace

RedisGroups::RedisGroups(Runtime& runtime, Client& client, const Keys& keys,
                         const DriverOptions& options, std::string member_id)
    : runtime_(runtime),
      client_(client),
      keys_(keys),
      options_(options),
      member_id_(std::move(member_id)),
      membership_(runtime.scheduler) {}

void RedisGroups::begin() {
    process_ = unique_text(runtime_.random);
    has_beat_ = false;
}

// A join key tells whose a member is for as long as its beat lasts, at least.
Duration RedisGroups::join_ttl() const { return std::max(join_memory, options_.membership_ttl); }

const scripts::Script& RedisGroups::told(const scripts::Script& quiet,
                                         const scripts::Script& telling) const {
    return options_.push ? telling : quiet;
}

Answer RedisGroups::run(const scripts::Script& script, std::vector<std::string> keys,
                        std::vector<std::string> arguments, Repeat repeat, Deadline deadline) {
    return client_.run(script, keys, arguments, repeat, deadline);
}

// Not repeated after a lost reply: the second answer could not tell our group from another's.
void RedisGroups::create_group(const std::string& group, Deadline deadline) {
    const Answer answer = run(scripts::create_group, {keys_.group(group), keys_.all_groups()},
                              {group}, Repeat::never, deadline);
    if (integer_of(answer.reply, "script create_group") == 0) throw GroupAlreadyExist(group);
}

void RedisGroups::delete_group(const std::string& group, Deadline deadline) {
    const Answer answer =
        run(told(scripts::delete_group, scripts::delete_group_told),
            {keys_.group(group), keys_.all_groups()}, {group}, Repeat::never, deadline);
    const std::int64_t outcome = integer_of(answer.reply, "script delete_group");
    if (outcome == -1) throw GroupNotCreated(group);
    if (outcome == -3) throw GroupNotEmpty(group);
}

std::vector<std::string> RedisGroups::get_groups(Deadline deadline) {
    const Answer answer =
        client_.call(command({"SMEMBERS", keys_.all_groups()}, Repeat::safe), deadline);
    std::vector<std::string> groups;
    for (const resp::Reply& element : array_of(answer.reply, "SMEMBERS"))
        groups.push_back(text_of(element, "SMEMBERS"));
    std::ranges::sort(groups);
    return groups;
}

// tooz overwrites the capabilities of a member that is there already, then says so; we do not.
void RedisGroups::join_group(const std::string& group, const Value& capabilities,
                             Deadline deadline) {
    Joined joining{pack_capabilities(capabilities), next_incarnation()};
    const Turn turn(membership_, deadline, "redis: join_group");
    // Until an answer comes: a leave must find even a join that is still on its way.
    doubtful_joins_.insert_or_assign(group, joining.incarnation);
    has_beat_ = true;
    const Answer answer =
        run(told(scripts::join_group, scripts::join_group_told),
            {keys_.group(group), keys_.beat(member_id_), keys_.join(group, member_id_)},
            {member_id_, joining.capabilities, milliseconds(options_.membership_ttl),
             joining.incarnation, milliseconds(join_ttl()), process_,
             joined_.contains(group) ? "" : "1"},
            Repeat::until_lapsed(options_.membership_ttl), deadline);
    const std::int64_t outcome = integer_of(answer.reply, "script join_group");
    doubtful_joins_.erase(group);
    if (outcome == -1) throw GroupNotCreated(group);
    if (outcome == 0) throw MemberAlreadyExist(group, member_id_);
    renewed(answer);
    joined_.insert_or_assign(group, std::move(joining));
}

std::string RedisGroups::next_incarnation() {
    const std::string ordinal = hex_text(++joins_);
    return process_ + ordinal + unique_text(runtime_.random).substr(ordinal.size());
}

void RedisGroups::leave_group(const std::string& group, Deadline deadline) {
    const Turn turn(membership_, deadline, "redis: leave_group");
    const std::string incarnation = incarnation_of(join_in(group, deadline));
    // First: whatever becomes of the request, no beat may undo it.
    joined_.erase(group);
    const Answer answer =
        run(told(scripts::leave_group, scripts::leave_group_told),
            {keys_.group(group), keys_.join(group, member_id_)},
            {member_id_, incarnation, milliseconds(join_ttl())}, Repeat::safe, deadline);
    const std::int64_t outcome = integer_of(answer.reply, "script leave_group");
    doubtful_joins_.erase(group);
    if (outcome == -1) throw GroupNotCreated(group);
    if (outcome == 1) return;
    if (outcome != 2 || !answer.repeated) throw MemberNotJoined(group, member_id_);
    // An earlier attempt left, or found that we had lapsed: its answer was lost.
    if (runtime_.clock.now() >= renewed_until_)
        throw Error("redis: " + member_id_ + " is not in group " + group +
                        " any more: by an earlier attempt whose reply was lost, or because it lapsed",
                    Effect::unknown);
}

void RedisGroups::renewed(const Answer& answer) {
    renewed_until_ = saturating_add(answer.sent_at, belief_length(options_.membership_ttl));
}

std::string RedisGroups::join_in(const std::string& group, Deadline deadline) {
    if (const auto joined = joined_.find(group); joined != joined_.end())
        return joined->second.incarnation + joined->second.update;
    if (const auto doubtful = doubtful_joins_.find(group); doubtful != doubtful_joins_.end())
        return doubtful->second;
    return stored_join(group, deadline);
}

std::string RedisGroups::stored_join(const std::string& group, Deadline deadline) {
    const Answer answer =
        client_.call(command({"GET", keys_.join(group, member_id_)}, Repeat::safe), deadline);
    if (answer.reply.type == resp::Type::null) return {};
    return text_of(answer.reply, "GET");
}

std::vector<resp::Reply> RedisGroups::read_members(const std::string& group, Deadline deadline) {
    Answer answer = run(told(scripts::get_members, scripts::get_members_told), {keys_.group(group)},
                        {keys_.beat_prefix(), keys_.join_prefix(group), member_id_, process_},
                        Repeat::safe, deadline);
    if (answer.reply.type == resp::Type::integer) throw GroupNotCreated(group);
    if (array_of(answer.reply, "script get_members").size() % 2 != 0)
        unexpected(answer.reply, "script get_members", "pairs of member and capabilities");
    return std::move(answer.reply.elements);
}

std::set<std::string> RedisGroups::get_members(const std::string& group, Deadline deadline) {
    const std::vector<resp::Reply> fields = read_members(group, deadline);
    std::set<std::string> members;
    for (std::size_t i = 0; i < fields.size(); i += 2)
        members.insert(text_of(fields[i], "script get_members"));
    return members;
}

std::map<std::string, Value> RedisGroups::get_members_with_capabilities(const std::string& group,
                                                                        Deadline deadline) {
    const std::vector<resp::Reply> fields = read_members(group, deadline);
    std::map<std::string, Value> members;
    for (std::size_t i = 0; i < fields.size(); i += 2) {
        const std::string& member = text_of(fields[i], "script get_members");
        members.emplace(member, unpack_capabilities(text_of(fields[i + 1], "script get_members"),
                                                    group, member));
    }
    return members;
}

Value RedisGroups::get_member_capabilities(const std::string& group, const std::string& member,
                                           Deadline deadline) {
    const Answer answer =
        run(scripts::get_capabilities, {keys_.group(group)}, {member}, Repeat::safe, deadline);
    if (answer.reply.type == resp::Type::integer) throw GroupNotCreated(group);
    if (answer.reply.type == resp::Type::null) throw MemberNotJoined(group, member);
    return unpack_capabilities(text_of(answer.reply, "script get_capabilities"), group, member);
}

void RedisGroups::update_capabilities(const std::string& group, const Value& capabilities,
                                      Deadline deadline) {
    const std::string packed = pack_capabilities(capabilities);
    const Turn turn(membership_, deadline, "redis: update_capabilities");
    const std::string join = join_in(group, deadline);
    const Joined updated{packed, incarnation_of(join), next_update(join)};
    // What somebody may have seen by now no beat may take back.
    const auto remember = [&] {
        const auto joined = joined_.find(group);
        if (joined != joined_.end()) joined->second = updated;
    };
    std::int64_t outcome = 0;
    try {
        outcome = integer_of(
            run(told(scripts::update_capabilities, scripts::update_capabilities_told),
                {keys_.group(group), keys_.join(group, member_id_)},
                {member_id_, updated.capabilities, updated.incarnation, updated.update,
                 milliseconds(join_ttl())},
                Repeat::safe, deadline)
                .reply,
            "script update_capabilities");
    } catch (const Error& error) {
        if (error.effect() == Effect::unknown) remember();
        throw;
    }
    if (outcome == -1) throw GroupNotCreated(group);
    if (outcome == 0) throw MemberNotJoined(group, member_id_);
    remember();
}

std::string RedisGroups::next_update(std::string_view join) {
    const std::size_t mark = join.find(update_mark);
    std::uint64_t latest = 0;
    if (mark != std::string_view::npos)
        std::from_chars(join.data() + mark + 1, join.data() + join.size(), latest, 16);
    updates_ = std::max(updates_, latest) + 1;
    return update_mark + hex_text(updates_);
}

// tooz renews the beat only: a member that was evicted during a pause stays out for ever.
Beat RedisGroups::beat(Deadline deadline) {
    const Turn turn(membership_, deadline, "redis: heartbeat");
    std::vector<std::string> groups;
    std::vector<std::string> keys{keys_.beat(member_id_)};
    std::vector<std::string> arguments{milliseconds(options_.membership_ttl), member_id_,
                                       milliseconds(join_ttl()), process_};
    for (const auto& [group, joined] : joined_) {
        groups.push_back(group);
        keys.insert(keys.end(), {keys_.group(group), keys_.join(group, member_id_)});
        arguments.insert(arguments.end(),
                         {joined.capabilities, joined.incarnation + joined.update});
    }
    const Answer answer = run(told(scripts::beat, scripts::beat_told), std::move(keys),
                              std::move(arguments), Repeat::safe, deadline);
    renewed(answer);
    return note_outcomes(groups, answer.reply);
}

Beat RedisGroups::note_outcomes(const std::vector<std::string>& groups,
                                const resp::Reply& outcomes) {
    if (array_of(outcomes, "script beat").size() != groups.size())
        unexpected(outcomes, "script beat", "one integer for each group");
    Beat beat{options_.membership_ttl, {}, {}};
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const std::int64_t outcome = integer_of(outcomes.elements[i], "script beat");
        if (outcome == 1) {
            tell("rejoined", groups[i]);
            beat.rejoined.push_back(groups[i]);
        } else if (outcome < 0) {
            tell(outcome == -1 ? "group_gone" : "replaced", groups[i]);
            joined_.erase(groups[i]);
            beat.lost.push_back(groups[i]);
        }
    }
    return beat;
}

void RedisGroups::withdraw(Deadline deadline) {
    joined_.clear();
    doubtful_joins_.clear();
    if (!has_beat_) return;
    // The script that ends a lease: a beat is one, and may be another process's by now.
    run(scripts::release, {keys_.beat(member_id_)}, {process_}, Repeat::safe, deadline);
}

void RedisGroups::tell(std::string_view event, const std::string& group) {
    runtime_.observer.event({Event::Severity::warning, "redis.groups", event, group});
}

}  // namespace conclave::redis
