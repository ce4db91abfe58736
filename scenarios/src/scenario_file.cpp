#include <algorithm>

#include "backend.hpp"
#include "common_keys.hpp"
#include "plan_check.hpp"

namespace conclave::scenarios {

namespace {

const std::vector<std::string> assumptions{"clock_rate", "wall_clock", "durability", "failover",
                                           "eviction"};

void read_faults(TableReader reader, Scenario& scenario) {
    std::vector<std::string> kinds;
    reader.texts("kinds", kinds);
    for (const std::string& kind : kinds) {
        FaultAction action{};
        if (!parse(kind, action)) reader.fail_at("kinds", "unknown fault '" + kind + "'");
        scenario.fault_kinds.push_back(action);
    }
    reader.numbers("budget", scenario.budget_min, scenario.budget_max);
    reader.range("length", scenario.fault_length);
    if (scenario.budget_max > 0 && kinds.empty())
        reader.fail_at("budget", "a budget needs 'kinds' to draw from");
    reader.finish();
}

void read_clocks(TableReader reader, Scenario& scenario) {
    reader.number("rate_ppm_max", scenario.clock_rate_ppm_max, 0, 900'000);
    reader.range("wall_offset", scenario.wall_offset);
    reader.finish();
}

void read_scripted_steps(TableReader& reader, Scenario& scenario) {
    for (TableReader step_reader : reader.tables("step")) {
        std::int64_t client = 1;
        step_reader.require("client");
        step_reader.number("client", client, 1, scenario.clients);
        scenario.scripted_steps.resize(static_cast<std::size_t>(scenario.clients));
        Step step = read_step(step_reader, scenario.workload);
        step_reader.finish();
        scenario.scripted_steps[static_cast<std::size_t>(client - 1)].push_back(std::move(step));
    }
}

/// What only a configuration can say: each of the scenario's, by a Plan that is drawn for it.
void check_configurations(TableReader& reader, std::vector<ReadFault>& faults,
                          const Scenario& scenario) {
    for (const std::string& driver : scenario.drivers) {
        check_driver(reader, "drivers", driver);
        Plan drawn;
        try {
            drawn = draw_plan(scenario, driver, 1);
        } catch (const FileError& error) {
            reader.table("faults").fail_at("kinds", error.what());
        }
        check_plan(reader, faults, drawn);
    }
}

}  // namespace

Scenario parse_scenario(const std::string& text, const std::string& name) {
    const std::string file = name + ".toml";
    const toml::table table = parse_toml(text, file);
    TableReader reader(table, file);
    Scenario scenario;
    scenario.name = name;
    for (const char* key : {"title", "workload", "drivers", "progress_within"}) reader.require(key);
    reader.text("title", scenario.title);
    reader.word("workload", scenario.workload, workloads);
    reader.texts("drivers", scenario.drivers);
    if (scenario.drivers.empty()) reader.fail_at("drivers", "expected at least one configuration");
    reader.text("label", scenario.label);
    reader.number("clients", scenario.clients, 1, 64);
    reader.number("objects", scenario.objects, 1, 64);
    reader.duration("duration", scenario.duration, std::chrono::milliseconds(1));
    reader.duration("progress_within", scenario.progress_within, std::chrono::milliseconds(1));
    reader.duration("wait", scenario.wait);
    reader.word("face", scenario.face, {"mixed", "handles", "coordinator"});
    reader.flag("must_keep", scenario.must_keep);
    reader.flag("resource", scenario.resource);
    reader.flag("characteristics", scenario.characteristics);
    reader.flag("tenfold", scenario.tenfold);
    if (scenario.tenfold && !scenario.characteristics)
        reader.fail_at("tenfold", "what is lost is known with 'characteristics' only");
    reader.word("deployment", scenario.deployment, deployments);
    reader.range("think", scenario.think);
    reader.range("hold", scenario.hold);
    read_link(reader.table("network"), scenario.link);
    read_clocks(reader.table("clocks"), scenario);
    read_server(reader.table("server"), scenario.server);
    reader.options("driver_options", scenario.driver_options);
    reader.texts("outside_envelope", scenario.outside_envelope);
    for (const std::string& each : scenario.outside_envelope)
        if (std::find(assumptions.begin(), assumptions.end(), each) == assumptions.end())
            reader.fail_at("outside_envelope", "unknown assumption '" + each + "'");
    reader.texts("must_violate", scenario.must_violate);
    read_milestones(reader, "sometimes", scenario.sometimes);
    read_faults(reader.table("faults"), scenario);
    std::vector<ReadFault> faults;
    for (TableReader fault : reader.tables("fault")) {
        scenario.scripted.push_back(read_fault(fault));
        faults.push_back({std::move(fault), scenario.scripted.back()});
    }
    read_scripted_steps(reader, scenario);
    reader.finish();
    check_configurations(reader, faults, scenario);
    return scenario;
}

}  // namespace conclave::scenarios
