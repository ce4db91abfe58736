#include "recorder.hpp"

#include <algorithm>
#include <map>

namespace conclave::scenarios {

namespace {
// More than a message stays on its way without a fault: one may begin after its sender's death.
constexpr std::int64_t in_flight_ns = 1'000'000'000;
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
    return operation;
}

void Recorder::finish(properties::Operation& operation, Status status, std::string result) {
    operation.return_ns = now();
    operation.status = status;
    operation.result = std::move(result);
    world_.record(sim::TraceKind::operation, 0,
                  sim::Trace::hash_bytes(operation.client + operation.action + operation.object),
                  1 + static_cast<std::uint64_t>(status));
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
    open.hold.client = process.name();
    open.hold.object = operation.object;
    open.hold.token = token;
    open.hold.call_ns = operation.call_ns;
    open.hold.begin_ns = now();
    open.process = &process;
    open.until = std::move(until);
    open.leadership = leadership;
    return open;
}

void Recorder::close(OpenHold& open, HoldEnd end) {
    open.hold.end_ns = end_of(*open.process, open.until());
    open.hold.end = open.hold.end_ns < now() ? HoldEnd::lapsed : end;
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
    return open;
}

void Recorder::depart(OpenPresence& open) {
    open.presence.end_ns = end_of(*open.process, open.until());
    history_.presences.push_back(open.presence);
    presences_.remove_if([&](const OpenPresence& each) { return &each == &open; });
}

void Recorder::came_back(const std::string& member) {
    for (properties::Departure& departure : history_.departures)
        if (departure.member == member)
            departure.back_ns = std::min(departure.back_ns, now());
}

void Recorder::died(sim::Process& process) {
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

void Recorder::fault_over(std::int64_t begin_ns) {
    for (properties::Departure& departure : history_.departures)
        if (begin_ns <= departure.at_ns + in_flight_ns) departure.silent_ns = now();
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
    history_.operations.assign(operations_.begin(), operations_.end());
    return std::move(history_);
}

}  // namespace conclave::scenarios
