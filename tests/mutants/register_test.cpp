// What the mutants are for: every property has one that breaks it, every part one that is wrong.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

#include "../scenarios/support.hpp"
#include "rows.hpp"

namespace conclave::mutants {
namespace {

constexpr std::size_t causes_min = 30;
constexpr std::size_t each_kind_min = 3;

/// Shown to be violated by a configuration or by tooz's own algorithm instead: redis/violations/r7 and
/// its control, the readings and counterparts of claims, and docs/tooz-weaknesses.md.
const std::set<std::string> shown_by_configuration{
    "replica_reads_current", "linearizable_as_mutex", "loss_without_timers", "prompt_release",
    "absent_may_join",       "readable",              "shared_together"};

/// What decides by which properties a run is judged.
auto judged_as(const scenarios::Scenario& scenario) {
    return std::tuple(scenario.workload, scenario.characteristics, scenario.deployment,
                      scenario.must_keep, scenario.resource, scenario.clients == 1,
                      scenario.name.substr(0, scenario.name.find('/')));
}

/// Every property by which any built-in scenario is judged; one of each kind runs, without faults.
std::set<std::string> judged_properties() {
    std::set<decltype(judged_as({}))> seen;
    std::set<std::string> properties;
    for (const auto& [name, text] : scenarios::builtin_scenarios()) {
        const scenarios::Scenario scenario = scenarios::parse_scenario(text, name);
        if (!seen.insert(judged_as(scenario)).second) continue;
        scenarios::Plan plan = draw_plan(scenario, scenario.drivers.front(), 1);
        plan.faults.clear();
        for (const scenarios::Judgement& each : scenarios::run_plan(plan).judgements)
            properties.insert(each.verdict.property);
    }
    return properties;
}

TEST(MutantRegister, HasThirtyRootCausesAndMore) {
    std::set<std::string> names;
    std::set<std::string> causes;
    std::map<Kind, std::size_t> kinds;
    for (const WrongProduct& product : wrong_products()) {
        EXPECT_TRUE(names.insert(product.name).second) << product.name;
        if (causes.insert(product.cause).second) ++kinds[product.kind];
    }
    EXPECT_GE(causes.size(), causes_min);
    for (const Kind kind : {Kind::client, Kind::redis_client, Kind::driver, Kind::codec,
                            Kind::script, Kind::server})
        EXPECT_GE(kinds[kind], each_kind_min) << to_string(kind);
}

TEST(MutantRegister, BreaksEveryProperty) {
    std::set<std::string> broken = shown_by_configuration;
    for (const WrongProduct& product : swept_products())
        broken.insert(product.properties.begin(), product.properties.end());
    for (const std::string& property : judged_properties())
        EXPECT_TRUE(broken.contains(property)) << property;
}

TEST(MutantRegister, IsWhatTheTableSays) {
    std::ifstream file(CONCLAVE_MUTANTS_TABLE);
    const std::string table{std::istreambuf_iterator<char>(file), {}};
    for (const WrongProduct& product : wrong_products())
        EXPECT_NE(table.find("\n" + row_head(product) + " | "), std::string::npos)
            << "docs/mutants.md is stale: " << row_head(product);
    EXPECT_NE(table.find("\n" + summary(wrong_products()) + "\n"), std::string::npos)
        << "docs/mutants.md is stale: " << summary(wrong_products());
}

}  // namespace
}  // namespace conclave::mutants
