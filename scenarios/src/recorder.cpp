#include "recorder.hpp"

#include <algorithm>
#include <map>

namespace conclave::scenarios {

namespace {
// More than a message stays on its way without a fault: one may begin after its sender's death.
constexpr std::int64_t in_flight_ns = 1'000'000'000;

constexpr Duration at_expiry = std::chrono::milliseconds(30);
}  // namespace

using properties::HoldEnd;
using properties::Status;

properties::Operation& Recorder::call(const std::string& client, const std::string& action,
                                      const std::string& object) {
    properties::Operation& operation = operations_.emplace_back();
    operation.client = client;
    operation.action = action;
    operation.object = object;
    operation.call_ns = now();
    world_.record(sim::TraceKind::operation, 0, sim::Trace::hash_bytes(client + action + object), 0);
    if (is_milestone(action + "_called")) moments_.happened(client, action + "_called");
    return operation;
}

void Recorder::finish(properties::Operation& operation, Status status, std::string result) {
    operation.return_ns = now();
    operation.status = status;
    operation.result = std::move(result);
    world_.record(sim::TraceKind::operation, 0,
                  sim::Trace::hash_bytes(operation.client + operation.action + operation.object),
                  1 + static_cast<std::uint64_t>(status));
    if (status == Status::unknown) moments_.happened(operation.client, "outcome_unknown");
}

std::int64_t Recorder::end_of(sim::Process& process, TimePoint until) const {
    // min() means "never believed"; a far future is cut to now.
    if (until == TimePoint::min()) return now();
    return std::min(now(), process.to_world(until).nanoseconds);
}

Recorder::OpenHold& Recorder::open(sim::Process& process, const properties::Operation& operation,
                                   std::uint64_t token, bool leadership,
                                   std::function<TimePoint()> until) {
    OpenHold& open = holds_.emplace_back();
    open.hold.client = operation.client;
    open.hold.object = operation.object;
    open.hold.token = token;
    open.hold.call_ns = operation.call_ns;
    open.hold.begin_ns = now();
    open.process = &process;
    open.until = std::move(until);
    open.leadership = leadership;
    if (authority_) open.grant = authority_->grant(operation.object, leadership);
    if (moments_.expired_within(operation.object, at_expiry))
        moments_.happened(operation.client, "granted_at_expiry");
    moments_.happened(operation.client, leadership ? "led" : "acquired");
    return open;
}

void Recorder::look(const OpenHold& open, const Validity& validity, bool signalled,
                    bool signal_due) {
    properties::Look look;
    look.client = open.hold.client;
    look.object = open.hold.object;
    look.token = open.hold.token;
    look.at_ns = now();
    look.valid = validity.valid();
    const bool lapses = validity.until() != TimePoint::max();
    look.deadline_ns = lapses ? open.process->to_world(validity.until()).nanoseconds
                              : properties::never_ns;
    look.signalled = signalled;
    look.signal_due = signal_due;
    const std::optional<Authority::Grant> grant =
        authority_ && open.grant ? authority_->grant(open.hold.object, open.leadership)
                                 : std::nullopt;
    if (grant) look.free_at_ns = grant->holder == open.grant->holder ? grant->free_at_ns : now();
    history_.looks.push_back(std::move(look));
}

void Recorder::close(OpenHold& open, HoldEnd end) {
    open.hold.end_ns = end_of(*open.process, open.until());
    open.hold.end = open.hold.end_ns < now() ? HoldEnd::lapsed : end;
    if (end == HoldEnd::crashed) moments_.happened(open.hold.client, "holder_died");
    else if (open.hold.end == HoldEnd::lapsed) moments_.happened(open.hold.client, "lease_lapsed");
    (open.leadership ? history_.leaderships : history_.locks).push_back(open.hold);
    holds_.remove_if([&](const OpenHold& each) { return &each == &open; });
}

Recorder::OpenPresence& Recorder::arrive(sim::Process& process, const std::string& group,
                                         std::function<TimePoint()> until) {
    OpenPresence& open = presences_.emplace_back();
    open.presence.member = process.name();
    open.presence.group = group;
    open.presence.begin_ns = now();
    open.process = &process;
    open.until = std::move(until);
    moments_.happened(process.name(), "joined");
    return open;
}

void Recorder::depart(OpenPresence& open) {
    open.presence.end_ns = end_of(*open.process, open.until());
    history_.presences.push_back(open.presence);
    presences_.remove_if([&](const OpenPresence& each) { return &each == &open; });
}

void Recorder::compare(const properties::Operation& operation, std::string claim,
                       std::string fact, bool agree) {
    history_.comparisons.push_back({operation.client, operation.object, std::move(claim),
                                    std::move(fact), agree, now()});
}

void Recorder::comes_back(const properties::Operation& operation) {
    for (properties::Departure& departure : history_.departures)
        if (departure.member == operation.client && departure.group == operation.object)
            departure.back_ns = std::min(departure.back_ns, now());
}

void Recorder::judge_join(const properties::Operation& operation, bool joined, Duration lapse) {
    for (properties::Departure& departure : history_.departures)
        if (!joined && departure.member == operation.client &&
            departure.back_ns == operation.call_ns)
            departure.back_ns = properties::never_ns;
    std::int64_t silent_ns = 0;
    for (const Death& death : deaths_)
        if (death.process == operation.client) silent_ns = std::max(silent_ns, death.silent_ns);
    if (silent_ns == 0 && joined) return;  // no predecessor: nothing to tell
    const std::string fact = silent_ns == 0 ? "none of its processes has died"
                                            : "its last process was silent from " +
                                                  std::to_string(silent_ns / 1'000'000) + " ms on";
    const bool due = joined || (silent_ns != 0 && operation.call_ns <= silent_ns + lapse.count());
    history_.joins.push_back({operation.client, operation.object,
                              joined ? "it joined" : "it was a member already", fact, due, now()});
}

void Recorder::died(sim::Process& process) {
    if (calls_) calls_->died(process.name());
    deaths_.push_back({process.name(), now(), now()});
    for (auto open = holds_.begin(); open != holds_.end();) {
        OpenHold& hold = *open++;
        if (hold.process == &process) close(hold, HoldEnd::crashed);
    }
    for (auto open = presences_.begin(); open != presences_.end();) {
        OpenPresence& presence = *open++;
        if (presence.process != &process) continue;
        history_.departures.push_back({process.name(), presence.presence.group, now(), now()});
        depart(presence);
    }
}

void Recorder::stopped(sim::Process& process) {
    for (const OpenHold& hold : holds_)
        if (hold.process == &process) moments_.happened(hold.hold.client, "holder_stopped");
}

void Recorder::cut_off(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    const auto among = [](const std::vector<std::string>& side, const std::string& client) {
        return std::find(side.begin(), side.end(), client) != side.end();
    };
    for (const OpenHold& hold : holds_)
        if (among(a, hold.hold.client) || among(b, hold.hold.client))
            moments_.happened(hold.hold.client, "holder_cut_off");
}

void Recorder::fault_over(std::int64_t begin_ns) {
    for (properties::Departure& departure : history_.departures)
        if (begin_ns <= departure.at_ns + in_flight_ns) departure.silent_ns = now();
    for (Death& death : deaths_)
        if (begin_ns <= death.at_ns + in_flight_ns) death.silent_ns = now();
}

std::int64_t Recorder::last_death_ns(const std::string& process) const {
    std::int64_t last = -1;
    for (const Death& death : deaths_)
        if (death.process == process) last = death.at_ns;
    return last;
}

properties::History Recorder::finish_run(std::int64_t healed_ns) {
    while (!holds_.empty()) close(holds_.front(), HoldEnd::run_over);
    while (!presences_.empty()) depart(presences_.front());
    std::map<std::string, std::int64_t> first_success;
    for (const properties::Operation& operation : operations_) {
        std::int64_t& first = first_success.try_emplace(operation.client, properties::never_ns)
                                  .first->second;
        if (operation.status == Status::ok && operation.return_ns >= healed_ns)
            first = std::min(first, operation.return_ns);
    }
    for (const auto& [client, first] : first_success)
        history_.progress.push_back({client, healed_ns, first});
    if (authority_) history_.asks = authority_->asks();
    history_.operations.assign(operations_.begin(), operations_.end());
    return std::move(history_);
}

}  // namespace conclave::scenarios
