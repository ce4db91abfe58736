#include "observed_groups.hpp"

#include <algorithm>

#include "lives.hpp"
#include "observed_holds.hpp"

namespace conclave::scenarios {

using properties::Action;
using properties::Call;
using properties::TextId;

ObservedGroups::ObservedGroups(Groups& right, std::string member, Duration membership_timeout,
                               const Incarnation& who, CallLog& log)
    : right_(right),
      member_(std::move(member)),
      lease_ns_(shortest_lease_ns(membership_timeout)),
      who_(who),
      log_(log),
      capabilities_(who, log) {}

ObservedGroups::~ObservedGroups() {
    if (log_.closed()) return;
    if (beat_under_way_) doubt_beat(doubtful_);
    bring_back_doubtful();
}

void ObservedGroups::doubt_beat(Doubtful& doubtful) const {
    for (const auto* const meant : {&beating_for_, &standing_})
        for (const auto& [group, standing] : *meant)
            doubtful.try_emplace({group, standing.life}, beat_called_ns_);
}

CallLog::Mark ObservedGroups::begin(Action action, const std::string& group,
                                    const std::string& life,
                                    std::optional<std::int64_t> since_ns) {
    Call call;
    call.action = action;
    call.object = log_.of(Observed::groups).text(group);
    if (!life.empty()) call.argument = log_.of(Observed::groups).text(life);
    if (action == Action::join) call.ttl_ns = lease_ns_;
    return log_.begin(Observed::groups, who_, "", call, since_ns);
}

CallLog::Mark ObservedGroups::ask(Action action, const std::string& group, const std::string& life,
                                  Deadline deadline) {
    const CallLog::Mark mark = begin(action, group, life);
    log_.news().asked({who_.process, who_.number, group, deadline}, mark.index);
    return mark;
}

void ObservedGroups::join_group(const std::string& group, const Value&, Deadline deadline) {
    const std::string number = number_of(log_.next_life(group, member_));
    const std::string life = member_ + "#" + number;
    const CallLog::Mark mark = ask(Action::join, group, life, deadline);
    const std::int64_t called_ns = log_.at(mark).call_ns;
    const CallLog::Mark written = capabilities_.writing(group, member_, number);
    // What earlier joins of unknown outcome have left there may be replaced.
    for (const std::string& earlier : joins_in_doubt_[group]) begin(Action::leave, group, earlier);
    try {
        right_.join_group(group, Value(number), deadline);
    } catch (const Error& error) {
        log_.failed(mark, error);
        log_.failed(written, error);
        if (error.effect() == Effect::unknown) joins_in_doubt_[group].push_back(life);
        throw;
    }
    log_.answered(mark, true);
    log_.answered(written, true);
    joins_in_doubt_.erase(group);
    standing_.insert_or_assign(group, Standing{life, called_ns});
    if (beat_under_way_) tell_doubtful();
}

void ObservedGroups::leave_group(const std::string& group, Deadline deadline) {
    const auto found = standing_.find(group);
    if (found == standing_.end()) return leave_unknown_life(group, deadline);
    const CallLog::Mark mark = ask(Action::leave, group, found->second.life, deadline);
    try {
        right_.leave_group(group, deadline);
        log_.answered(mark, true);
    } catch (const MemberNotJoined&) {
        log_.answered(mark, false);
        standing_.erase(group);
        throw;
    } catch (const Error& error) {
        log_.failed(mark, error);
        throw;
    }
    standing_.erase(group);
}

// Which of the earlier lives it ends, if any, cannot be told.
void ObservedGroups::leave_unknown_life(const std::string& group, Deadline deadline) {
    may_end_any_life(group);
    right_.leave_group(group, deadline);
}

void ObservedGroups::may_end_any_life(const std::string& group) {
    const std::uint64_t lives = log_.lives(group, member_);
    for (std::uint64_t number = 1; number <= lives; ++number)
        begin(Action::leave, group, member_ + "#" + number_of(number));
    log_.earlier_lives_may_end(member_, group);
}

std::set<std::string> ObservedGroups::get_members(const std::string& group, Deadline deadline) {
    std::set<std::string> members;
    for (const auto& [member, capabilities] : read_members(group, deadline)) members.insert(member);
    return members;
}

std::map<std::string, Value> ObservedGroups::get_members_with_capabilities(
    const std::string& group, Deadline deadline) {
    const std::int64_t called_ns = log_.now();
    std::map<std::string, Value> members = read_members(group, deadline);
    capabilities_.read_all(group, members, called_ns);
    return members;
}

Value ObservedGroups::get_member_capabilities(const std::string& group, const std::string& member,
                                              Deadline deadline) {
    const CallLog::Mark mark = capabilities_.reading();
    try {
        Value capabilities = right_.get_member_capabilities(group, member, deadline);
        capabilities_.read(mark, group, member, capabilities);
        return capabilities;
    } catch (const Error& error) {
        log_.failed(mark, error);
        throw;
    }
}

void ObservedGroups::update_capabilities(const std::string& group, const Value&,
                                         Deadline deadline) {
    const std::string version =
        capabilities_.next_version(group, number_of(log_.lives(group, member_)));
    const CallLog::Mark mark = capabilities_.writing(group, member_, version);
    try {
        right_.update_capabilities(group, Value(version), deadline);
    } catch (const Error& error) {
        log_.failed(mark, error);
        throw;
    }
    log_.answered(mark, true);
}

std::map<std::string, Value> ObservedGroups::read_members(const std::string& group,
                                                          Deadline deadline) {
    const CallLog::Mark mark = ask(Action::members, group, "", deadline);
    std::map<std::string, Value> members;
    try {
        members = right_.get_members_with_capabilities(group, deadline);
    } catch (const GroupNotCreated&) {
        log_.answered(mark, true);
        throw;
    } catch (const Error& error) {
        log_.failed(mark, error);
        throw;
    }
    std::vector<TextId> lives;
    for (const auto& [member, capabilities] : members) {
        const std::string version = version_of(capabilities);
        lives.push_back(
            log_.of(Observed::groups).text(member + "#" + std::string(life_in(version))));
    }
    log_.at(mark).result = log_.of(Observed::groups).list(std::move(lives));
    log_.answered(mark, true);
    return members;
}

void ObservedGroups::beating() {
    beat_called_ns_ = log_.now();
    beating_for_ = standing_;  // whoever leaves meanwhile may be brought back all the same
    beat_under_way_ = true;
    tell_doubtful();
}

void ObservedGroups::beaten(const Beat& beat) {
    // A beat may wait for its turn while somebody joins.
    std::map<std::string, Standing> meant = beating_for_;
    for (const auto& [group, standing] : standing_) meant.insert_or_assign(group, standing);
    for (const auto& [group, standing] : meant) {
        const std::pair membership(group, standing.life);
        const bool back = std::ranges::count(beat.rejoined, group) > 0;
        const bool lapsed = log_.now() - standing.renewed_ns >= lease_ns_;
        // A beat that was repeated after a lost reply does not say that it brought a member back. One
        // that does says nothing of earlier ones of unknown outcome: they may have done so before.
        const auto [doubt, fresh] = doubtful_.try_emplace(membership, beat_called_ns_);
        if (back && !fresh) begin(Action::join, group, standing.life, doubt->second);
        if (back) log_.answered(begin(Action::join, group, standing.life, beat_called_ns_), true);
        if (back || !lapsed) doubtful_.erase(membership);
        const auto still = standing_.find(group);
        if (still != standing_.end() && still->second.life == standing.life)
            still->second.renewed_ns = beat_called_ns_;
    }
    bring_back_doubtful();
    for (const std::string& group : beat.lost) standing_.erase(group);
    beat_under_way_ = false;
    tell_doubtful();
}

void ObservedGroups::beat_failed(const Error& error) {
    if (error.effect() == Effect::unknown)
        for (const auto& [group, standing] : beating_for_)
            doubtful_.try_emplace({group, standing.life}, beat_called_ns_);
    beat_under_way_ = false;
    tell_doubtful();
}

void ObservedGroups::tell_doubtful() {
    Doubtful doubtful = doubtful_;
    if (beat_under_way_) doubt_beat(doubtful);
    std::vector<DoubtfulLife> lives;
    for (const auto& [membership, since_ns] : doubtful)
        lives.push_back({membership.first, membership.second, since_ns, lease_ns_});
    log_.doubtful(lives);
}

void ObservedGroups::bring_back_doubtful() {
    for (const auto& [membership, since_ns] : doubtful_)
        begin(Action::join, membership.first, membership.second, since_ns);
    doubtful_.clear();
}

// Whose beat is withdrawn may be evicted at once, also from where it was a member of an earlier life.
void ObservedGroups::stopping() {
    for (const auto& [group, standing] : standing_) begin(Action::leave, group, standing.life);
    for (const std::string& group : log_.groups_of(member_))
        if (!standing_.contains(group)) may_end_any_life(group);
    log_.earlier_lives_may_end(member_, "");
}

}  // namespace conclave::scenarios
