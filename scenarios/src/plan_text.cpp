#include <sstream>

#include "common_keys.hpp"
#include "plan_check.hpp"

namespace conclave::scenarios {

namespace {

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::string quoted(Duration duration) { return quoted(to_text(duration)); }

std::string list(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + quoted(text);
    return "[" + out + "]";
}

void write_server(std::ostream& out, const ServerPlan& server) {
    out << "\n[server]\nappendfsync = " << quoted(server.appendfsync)
        << "\nmin_replicas = " << server.min_replicas
        << "\ndown_after = " << quoted(server.down_after)
        << "\nfailover_timeout = " << quoted(server.failover_timeout)
        << "\nreplica_wall_offset = " << quoted(server.replica_wall_offset)
        << "\nkeys_max = " << server.keys_max << "\neviction = " << quoted(server.eviction) << '\n';
}

void write_client(std::ostream& out, const ClientPlan& client) {
    out << "\n[[client]]\nname = " << quoted(client.name)
        << "\nclock_rate_ppm = " << client.clock_rate_ppm
        << "\nwall_offset = " << quoted(client.wall_offset)
        << "\nhandles = " << (client.handles ? "true" : "false") << "\nsteps = [\n";
    for (const Step& step : client.steps)
        out << "  {at = " << quoted(step.at) << ", action = " << quoted(step.action)
            << ", object = " << quoted(step.object) << ", length = " << quoted(step.length)
            << "},\n";
    out << "]\n";
}

void write_fault(std::ostream& out, const Fault& fault) {
    out << "\n[[fault]]\naction = " << quoted(to_string(fault.action))
        << "\nat = " << quoted(fault.at) << "\nlength = " << quoted(fault.length)
        << "\na = " << list(fault.a) << "\nb = " << list(fault.b) << "\namount = "
        << (fault.action == FaultAction::clock_rate ? std::to_string(fault.amount)
                                                    : quoted(Duration(fault.amount)))
        << '\n';
    if (!fault.after.empty()) out << "after = " << quoted(fault.after) << '\n';
    if (fault.call != 0)
        out << "call = " << fault.call
            << "\npoint = " << quoted(fault.after_call ? "after" : "before") << '\n';
}

/// What a saved Plan is there for; nothing in one that was just drawn.
void write_purpose(std::ostream& out, const Plan& plan) {
    if (!plan.property.empty()) out << "property = " << quoted(plan.property) << '\n';
    if (plan.applied >= 0) out << "applied = " << plan.applied << '\n';
    if (!plan.milestones.empty()) out << "milestones = " << list(plan.milestones) << '\n';
    if (!plan.kills.empty()) out << "kills = " << quoted(plan.kills) << '\n';
    if (!plan.kills_none.empty()) out << "kills_none = " << quoted(plan.kills_none) << '\n';
}

}  // namespace

std::string to_text(const Plan& plan) {
    std::ostringstream out;
    out << "format = " << quoted(plan_format) << "\nscenario = " << quoted(plan.scenario)
        << "\ndriver = " << quoted(plan.driver) << "\nseed = " << quoted(std::to_string(plan.seed))
        << "\ntrace_hash = " << quoted(std::to_string(plan.trace_hash))
        << "\nworkload = " << quoted(plan.workload) << "\nlabel = " << quoted(plan.label)
        << "\nduration = " << quoted(plan.duration)
        << "\nprogress_within = " << quoted(plan.progress_within)
        << "\nwait = " << quoted(plan.wait)
        << "\npriority_scheduling = " << (plan.priority_scheduling ? "true" : "false")
        << "\npriority_changes = " << plan.priority_changes
        << "\npriority_choices = " << plan.priority_choices
        << "\nmust_keep = " << (plan.must_keep ? "true" : "false")
        << "\nresource = " << (plan.resource ? "true" : "false")
        << "\ncharacteristics = " << (plan.characteristics ? "true" : "false")
        << "\ntenfold = " << (plan.tenfold ? "true" : "false")
        << "\ndeployment = " << quoted(plan.deployment)
        << "\noutside_envelope = " << list(plan.outside_envelope)
        << "\nmust_violate = " << list(plan.must_violate)
        << "\nsometimes = " << list(plan.sometimes) << '\n';
    write_purpose(out, plan);
    out << "\n[network]\nlatency = [" << quoted(plan.link.latency_min) << ", "
        << quoted(plan.link.latency_max) << "]\nloss = ";
    out.precision(17);
    out << plan.link.loss << "\nretransmission = " << quoted(plan.link.retransmission)
        << "\nsegmentation = " << plan.link.segmentation
        << "\nbytes_per_second = " << plan.link.bytes_per_second << '\n';
    write_server(out, plan.server);
    out << "\n[driver_options]\n";
    for (const auto& [key, value] : plan.driver_options)
        out << quoted(key) << " = " << quoted(value) << '\n';
    for (const ClientPlan& client : plan.clients) write_client(out, client);
    for (const Fault& fault : plan.faults) write_fault(out, fault);
    return out.str();
}

namespace {

ClientPlan read_client(TableReader& reader, const std::string& workload) {
    ClientPlan client;
    reader.require("name");
    reader.text("name", client.name);
    std::int64_t rate = 0;
    reader.number("clock_rate_ppm", rate, -900'000, 10'000'000);
    client.clock_rate_ppm = static_cast<int>(rate);
    reader.duration("wall_offset", client.wall_offset, Duration::min());
    reader.flag("handles", client.handles);
    for (TableReader step_reader : reader.tables("steps")) {
        client.steps.push_back(read_step(step_reader, workload));
        step_reader.finish();
    }
    reader.finish();
    return client;
}

void read_count(TableReader& reader, std::string_view key, std::uint64_t& target) {
    std::int64_t count = static_cast<std::int64_t>(target);
    reader.number(key, count, 0, INT64_MAX);
    target = static_cast<std::uint64_t>(count);
}

void read_purpose(TableReader& reader, Plan& plan) {
    reader.unsigned_text("trace_hash", plan.trace_hash);
    reader.text("property", plan.property);
    reader.number("applied", plan.applied, 0, INT64_MAX);
    read_milestones(reader, "milestones", plan.milestones);
    reader.text("kills", plan.kills);
    reader.text("kills_none", plan.kills_none);
}

void check_format(TableReader& reader) {
    reader.require("format");
    std::string format;
    reader.text("format", format);
    if (format != plan_format)
        reader.fail_at("format", "this Plan is '" + format + "', this program reads '" +
                                     std::string(plan_format) + "'");
}

}  // namespace

Plan parse_plan(const std::string& text, const std::string& file) {
    const toml::table table = parse_toml(text, file);
    TableReader reader(table, file);
    check_format(reader);
    Plan plan;
    for (const char* key : {"scenario", "driver", "seed", "workload", "duration"})
        reader.require(key);
    reader.text("scenario", plan.scenario);
    reader.text("driver", plan.driver);
    check_driver(reader, "driver", plan.driver);
    reader.unsigned_text("seed", plan.seed);
    read_purpose(reader, plan);
    reader.word("workload", plan.workload, workloads);
    reader.text("label", plan.label);
    reader.duration("duration", plan.duration);
    reader.duration("progress_within", plan.progress_within);
    reader.duration("wait", plan.wait);
    reader.flag("priority_scheduling", plan.priority_scheduling);
    read_count(reader, "priority_changes", plan.priority_changes);
    read_count(reader, "priority_choices", plan.priority_choices);
    reader.flag("must_keep", plan.must_keep);
    reader.flag("resource", plan.resource);
    reader.flag("characteristics", plan.characteristics);
    reader.flag("tenfold", plan.tenfold);
    reader.word("deployment", plan.deployment, deployments);
    reader.texts("outside_envelope", plan.outside_envelope);
    reader.texts("must_violate", plan.must_violate);
    read_milestones(reader, "sometimes", plan.sometimes);
    read_link(reader.table("network"), plan.link);
    read_server(reader.table("server"), plan.server);
    reader.options("driver_options", plan.driver_options);
    for (TableReader client : reader.tables("client"))
        plan.clients.push_back(read_client(client, plan.workload));
    std::vector<ReadFault> faults;
    for (TableReader fault : reader.tables("fault")) {
        plan.faults.push_back(read_fault(fault));
        faults.push_back({std::move(fault), plan.faults.back()});
    }
    reader.finish();
    check_plan(reader, faults, plan);
    return plan;
}

}  // namespace conclave::scenarios
