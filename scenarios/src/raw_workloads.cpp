// R6 and R7: what a client may believe of WAIT and of reads from a replica, and should not.

#include "raw_client.hpp"
#include "workload.hpp"

namespace conclave::scenarios {

namespace {

constexpr Duration reply_limit = std::chrono::seconds(3);

Endpoint server(int number) { return {"redis-" + std::to_string(number), 6379, {}}; }

constexpr std::int64_t replicas = 2;

/// The value that a server has, in words.
std::string words(const resp::Reply& value) {
    return value.text.empty() ? "nothing" : value.text;
}

}  // namespace

void run_wait_trap(sim::Process& process, const Plan& plan, Recorder& recorder) {
    Runtime& runtime = process.runtime();
    RawClient writer(runtime), other(runtime), replica(runtime);
    for (const ClientPlan& client : plan.clients) {
        for (const Step& step : client.steps) {
            sleep_until(runtime, Deadline(process.to_local(sim::at_time(step.at))));
            properties::Operation& operation = recorder.call(process.name(), "wait", step.object);
            const std::string value = std::to_string(step.at.count());
            const bool same_connection = step.action == "wait_same";
            writer.connect(server(1), reply_limit);
            other.connect(server(1), reply_limit);
            replica.connect(server(2), reply_limit);
            const auto written = writer.call({"SET", step.object, value}, reply_limit);
            const auto acked =
                (same_connection ? writer : other).call({"WAIT", "2", "1000"}, reply_limit);
            const auto seen = replica.call({"GET", step.object}, reply_limit);
            const bool complete = written && acked && seen && written->is_status("OK");
            recorder.finish(operation,
                            complete ? properties::Status::ok : properties::Status::unknown,
                            complete ? std::to_string(acked->integer) + " replicas" : "no answer");
            // Fewer than all say nothing about the one that is looked at.
            if (complete && acked->integer >= replicas)
                recorder.compare(operation, "WAIT said that 2 replicas have " + value,
                        "redis-2 has " + words(*seen), seen->text == value);
        }
    }
}

void run_replica_read(sim::Process& process, const Plan& plan, Recorder& recorder) {
    Runtime& runtime = process.runtime();
    RawClient master(runtime), replica(runtime);
    for (const ClientPlan& client : plan.clients) {
        for (const Step& step : client.steps) {
            sleep_until(runtime, Deadline(process.to_local(sim::at_time(step.at))));
            properties::Operation& operation = recorder.call(process.name(), "read", step.object);
            master.connect(server(1), reply_limit);
            replica.connect(server(2), reply_limit);
            const auto written =
                master.call({"SET", step.object, "value", "PX", "10000"}, reply_limit);
            // Long enough for replication, short against the time to live.
            sleep_for(runtime, step.length);
            const auto from_replica = replica.call({"GET", step.object}, reply_limit);
            const auto from_master = master.call({"GET", step.object}, reply_limit);
            const bool complete = written && from_master && from_replica;
            recorder.finish(operation,
                            complete ? properties::Status::ok : properties::Status::unknown,
                            complete ? "read" : "no answer");
            if (complete)
                recorder.compare(operation, "the replica has " + words(*from_replica),
                        "the master has " + words(*from_master),
                        from_master->type == from_replica->type &&
                            from_master->text == from_replica->text);
        }
    }
}

}  // namespace conclave::scenarios
