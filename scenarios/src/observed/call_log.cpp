#include "conclave/scenarios/observed/call_log.hpp"

#include <algorithm>

#include "conclave/fiber.hpp"

namespace conclave::scenarios {

using properties::Action;
using properties::Call;
using properties::Status;
using properties::TextId;

namespace {
/// 0 outside of every fiber, where a dead process is cleaned up.
std::uint64_t fiber_number() noexcept {
    const detail::Fiber* const fiber = detail::running_fiber();
    return fiber ? fiber->id : 0;
}

std::string session_at(const std::string& place, const Incarnation& who) {
    return place + "#" + std::to_string(who.number) + "/" + std::to_string(fiber_number());
}
}  // namespace

std::string CallLog::place_of(const std::string& process, const std::string& owner) {
    const auto thread = fibers_.find(fiber_number());
    const std::string here = thread == fibers_.end() ? process : thread->second;
    return owner.empty() ? here : owners_.try_emplace(owner, here).first->second;
}

TextId CallLog::session(Observed kind, const Incarnation& who) {
    return of(kind).text(session_at(place_of(who.process, ""), who));
}

CallLog::Mark CallLog::begin(Observed kind, const Incarnation& who, const std::string& owner,
                             Call call, std::optional<std::int64_t> since_ns) {
    const std::string place = place_of(who.process, owner);
    const std::string session = session_at(place, who);
    call.server = of(kind).text(place);
    call.call_ns = since_ns ? *since_ns : now();
    call.status = Status::unknown;
    add(kind, who.process, session, call);
    const auto number = static_cast<std::uint32_t>(of(kind).calls.size() - 1);
    if (journal_) journal_->begun(kind, number, of(kind));
    return {kind, number};
}

void CallLog::add(Observed kind, const std::string& process, const std::string& session,
                  Call call) {
    History& history = histories_[static_cast<std::size_t>(kind)];
    call.session = history.calls.text(session);
    if (history.places.emplace(call.session, call.server).second)
        history.sessions[process].push_back(call.session);
    history.calls.calls.push_back(call);
}

void CallLog::answered(Mark mark, bool agreed) {
    Call& call = at(mark);
    call.return_ns = now();
    call.status = Status::ok;
    call.agreed = agreed;
    if (journal_) journal_->ended(mark.kind, mark.index, of(mark.kind));
}

void CallLog::failed(Mark mark, const Error& error) {
    if (error.effect() == Effect::unknown) return;
    at(mark).return_ns = now();
    at(mark).status = Status::failed;
    if (journal_) journal_->ended(mark.kind, mark.index, of(mark.kind));
}

void CallLog::doubtful(const std::vector<DoubtfulLife>& lives) {
    if (journal_) journal_->doubtful(lives);
}

std::vector<std::string> CallLog::groups_of(const std::string& member) const {
    std::vector<std::string> groups;
    for (const auto& [life, count] : lives_)
        if (life.second == member && count > 0) groups.push_back(life.first);
    return groups;
}

void CallLog::earlier_lives_may_end(const std::string& member, const std::string& group) {
    if (journal_) journal_->earlier_lives_may_end(member, group, now());
}

void CallLog::enter(const std::string& place) { fibers_[fiber_number()] = place; }

void CallLog::holds_until_death(const Incarnation& who, Mark acquisition) {
    until_death_[who.process].push_back(acquisition);
}

void CallLog::died(const std::string& process, std::int64_t at_ns) {
    end_pause(process, at_ns);
    deaths_.push_back({process, at_ns});
    for (const Mark mark : until_death_[process]) {
        Call end = at(mark);
        histories_[static_cast<std::size_t>(mark.kind)].endings.push_back(
            {end.object, end.argument, at_ns, process + " died", false});
        end.action = Action::expire;
        end.call_ns = at_ns;
        end.return_ns = properties::never_ns;
        end.status = Status::unknown;
        of(mark.kind).calls.push_back(end);
    }
    until_death_.erase(process);
}

void CallLog::close() {
    if (closed()) return;
    all_healed();
    for (History& history : histories_) link_commits(history.calls, history.commits);
    for (Silent& pause : pauses_) pause.end_ns = std::min(pause.end_ns, now());
    now_ = nullptr;
}

void CallLog::partitioned(std::int64_t begin_ns, std::int64_t end_ns, const Names& a,
                          const Names& b) {
    for (const Observed kind : all_observed) {
        properties::PartitionWindow window{begin_ns, end_ns, {{}, {}}};
        for (const std::string& name : a) window.sides[0].push_back(of(kind).text(name));
        for (const std::string& name : b) window.sides[1].push_back(of(kind).text(name));
        of(kind).partitions.push_back(std::move(window));
    }
}

std::size_t CallLog::partitioned(const Names& a, const Names& b) {
    partitioned(now(), properties::never_ns, a, b);
    return of(all_observed.front()).partitions.size() - 1;
}

void CallLog::healed(std::size_t partition) {
    for (const Observed kind : all_observed) {
        std::int64_t& end_ns = of(kind).partitions[partition].end_ns;
        end_ns = std::min(end_ns, now());
    }
}

void CallLog::all_healed() {
    for (std::size_t i = 0; i < of(all_observed.front()).partitions.size(); ++i) healed(i);
}

void CallLog::paused(const std::string& process, std::int64_t begin_ns, std::int64_t end_ns) {
    pauses_.push_back({process, begin_ns, end_ns});
}

void CallLog::end_pause(const std::string& process, std::int64_t at_ns) {
    for (Silent& pause : pauses_)
        if (pause.process == process && pause.begin_ns <= at_ns)
            pause.end_ns = std::min(pause.end_ns, at_ns);
}

void CallLog::ended(const Ended& ended) {
    if (closed()) return;
    History& history = histories_[static_cast<std::size_t>(ended.kind)];
    const auto note = [&](const std::string& object, const std::string& name) {
        history.endings.push_back({history.calls.text(object), history.calls.text(name), now(),
                                   ended.cause, ended.silence_timer});
    };
    if (ended.kind != Observed::groups) return note(ended.object, ended.name);
    for (const auto& [life, count] : lives_) {
        const auto& [group, member] = life;
        if (member != ended.name || (!ended.object.empty() && group != ended.object)) continue;
        for (std::uint64_t number = 1; number <= count; ++number)
            note(group, member + "#" + life_prefix_ + std::to_string(number));
    }
}

void CallLog::committed(Observed kind, Action action, const std::string& object,
                        const std::string& name) {
    if (closed()) return;
    History& history = histories_[static_cast<std::size_t>(kind)];
    history.commits.push_back(
        {action, history.calls.text(object), history.calls.text(name), now()});
}

std::vector<properties::Silence> CallLog::silences(Observed kind,
                                                   const std::vector<Silent>& processes) const {
    const History& history = histories_[static_cast<std::size_t>(kind)];
    std::vector<properties::Silence> silences;
    for (const Silent& silent : processes) {
        const auto found = history.sessions.find(silent.process);
        if (found == history.sessions.end()) continue;
        for (const TextId session : found->second)
            silences.push_back({session, silent.begin_ns, silent.end_ns});
    }
    return silences;
}

}  // namespace conclave::scenarios
