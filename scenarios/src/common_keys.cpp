#include "common_keys.hpp"

#include "conclave/scenarios/moments.hpp"
#include "plan_check.hpp"

namespace conclave::scenarios {

void read_link(TableReader reader, sim::LinkOptions& link) {
    DurationRange latency{link.latency_min, link.latency_max};
    reader.range("latency", latency);
    link.latency_min = latency.low;
    link.latency_max = latency.high;
    reader.fraction("loss", link.loss);
    reader.duration("retransmission", link.retransmission);
    reader.fraction("segmentation", link.segmentation);
    std::int64_t rate = static_cast<std::int64_t>(link.bytes_per_second);
    reader.number("bytes_per_second", rate, 0, 1'000'000'000'000);
    link.bytes_per_second = static_cast<std::uint64_t>(rate);
    reader.finish();
}

void read_server(TableReader reader, ServerPlan& server) {
    reader.word("appendfsync", server.appendfsync, {"always", "everysec", "no", "off"});
    std::int64_t min_replicas = server.min_replicas;
    reader.number("min_replicas", min_replicas, 0, 2);
    server.min_replicas = static_cast<int>(min_replicas);
    reader.duration("down_after", server.down_after, std::chrono::milliseconds(1));
    reader.duration("failover_timeout", server.failover_timeout, std::chrono::milliseconds(1));
    reader.duration("replica_wall_offset", server.replica_wall_offset, Duration::min());
    reader.number("keys_max", server.keys_max, 0, 1'000'000);
    reader.word("eviction", server.eviction, {"noeviction", "allkeys-lru", "volatile-lru"});
    reader.finish();
}

void read_milestones(TableReader& reader, std::string_view key, std::vector<std::string>& target) {
    reader.texts(key, target);
    for (const std::string& each : target)
        if (!is_milestone(each))
            reader.fail_at(key, "unknown milestone '" + each + "', `sim list milestones` shows them");
}

namespace {

/// When a fault is to begin, if not at a time.
void read_moment(TableReader& reader, Fault& fault) {
    reader.text("after", fault.after);
    if (!fault.after.empty() && parse_anchor(fault.after).who.empty())
        reader.fail_at("after", "'" + fault.after +
                                    "', expected a process, a milestone and a number: "
                                    "\"c1 acquired #2\"");
    std::int64_t call = 0;
    std::string point = "before";
    reader.number("call", call, 1, INT64_MAX);
    reader.word("point", point, {"before", "after"});
    if (call != 0 && !fault.after.empty()) reader.fail_at("call", "and 'after' exclude each other");
    fault.call = static_cast<std::uint64_t>(call);
    fault.after_call = point == "after";
}

}  // namespace

Fault read_fault(TableReader& reader) {
    Fault fault;
    std::string action;
    for (const char* key : {"action", "at", "a"}) reader.require(key);
    reader.text("action", action);
    if (!parse(action, fault.action)) reader.fail_at("action", "unknown fault '" + action + "'");
    reader.duration("at", fault.at);
    reader.duration("length", fault.length);
    reader.texts("a", fault.a);
    reader.texts("b", fault.b);
    // An amount is a duration where the fault is one of time, else a number.
    if (fault.action == FaultAction::clock_rate) {
        reader.number("amount", fault.amount, -900'000, 10'000'000);
    } else {
        Duration amount{fault.amount};
        reader.duration("amount", amount, Duration::min());
        fault.amount = amount.count();
    }
    read_moment(reader, fault);
    reader.finish();
    return fault;
}

Step read_step(TableReader& reader, const std::string& workload) {
    Step step;
    for (const char* key : {"at", "action"}) reader.require(key);
    reader.duration("at", step.at);
    reader.word("action", step.action, actions_of(workload));
    reader.text("object", step.object);
    reader.duration("length", step.length);
    return step;
}

}  // namespace conclave::scenarios
