#include "common_keys.hpp"

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
    reader.finish();
}

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
    reader.finish();
    return fault;
}

Step read_step(TableReader& reader) {
    Step step;
    for (const char* key : {"at", "action"}) reader.require(key);
    reader.duration("at", step.at);
    reader.text("action", step.action);
    reader.text("object", step.object);
    reader.duration("length", step.length);
    return step;
}

}  // namespace conclave::scenarios
