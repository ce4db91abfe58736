// docs/tooz-weaknesses.md says in which runs tooz's algorithm fails and ours does not: they do.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "support.hpp"

namespace conclave::scenarios {
namespace {

/// A row of the page's table of runs.
struct Row {
    std::string weakness;
    std::string scenario;
    std::string property;
    std::string as_tooz;  ///< configuration
    std::uint64_t seeds = 0;
    friend std::ostream& operator<<(std::ostream& out, const Row& row) {
        return out << row.weakness << ' ' << row.scenario << ' ' << row.property;
    }
};

/// Throws for a row that cannot be read: a test that is not there would pass.
Row parse_row(std::string line) {
    const std::string text = line;
    std::ranges::replace(line, '|', ' ');
    std::istringstream cells(line);
    Row row;
    cells >> row.weakness >> row.scenario >> row.property >> row.as_tooz >> row.seeds;
    if (!cells || row.seeds == 0 || !(cells >> std::ws).eof())
        throw std::runtime_error("not five cells: " + text);
    return row;
}

std::vector<Row> runs_of_the_page() {
    std::vector<Row> rows;
    std::ifstream in(CONCLAVE_TOOZ_WEAKNESSES);
    for (std::string line; std::getline(in, line);)
        if (line.starts_with('|') && line.find("-as-tooz |") != std::string::npos)
            rows.push_back(parse_row(line));
    if (rows.empty()) throw std::runtime_error("the page has no table of runs");
    return rows;
}

class ToozWeaknesses : public testing::TestWithParam<Row> {};

TEST_P(ToozWeaknesses, ShowWhereOursHolds) {
    const Row& row = GetParam();
    const Scenario scenario = builtin(row.scenario);
    Scenario as_tooz = scenario;
    as_tooz.drivers = {row.as_tooz};
    const std::uint64_t caught = first_violation(as_tooz, row.property, row.seeds);
    ASSERT_NE(caught, 0u) << row.as_tooz << " was not caught in " << row.seeds << " seeds";
    RecordProperty("caught_by_seed", static_cast<int>(caught));
    bool held = false;
    for (std::uint64_t seed = 1; seed <= std::max<std::uint64_t>(caught, 3); ++seed) {
        const RunResult run = run_plan(draw_plan(scenario, scenario.drivers.front(), seed));
        EXPECT_FALSE(violated(run, row.property)) << scenario.drivers.front() << " seed " << seed;
        const Judgement* const judged = judgement(run, row.property);
        held = held || (judged && judged->verdict.outcome == properties::Outcome::held);
    }
    EXPECT_TRUE(held) << "nothing was decided";
}

std::string name_of(const testing::TestParamInfo<Row>& info) {
    std::string name = info.param.weakness + "_" + info.param.scenario + "_" + info.param.property;
    std::ranges::replace_if(
        name, [](char c) { return !std::isalnum(c); }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Page, ToozWeaknesses, testing::ValuesIn(runs_of_the_page()), name_of);

/// And so it fails nothing.
TEST(AsTooz, ClaimsWhatToozClaims) {
    const Scenario scenario = builtin("file/matrix/lock_stands_still");
    const RunResult run = run_plan(draw_plan(scenario, "file-as-tooz", 1));
    const Judgement* const claimed = judgement(run, "non_timeout_based");
    const Judgement* const not_claimed = judgement(run, "linearizable");
    ASSERT_TRUE(claimed && not_claimed);
    EXPECT_TRUE(claimed->claimed_by_foil);
    EXPECT_FALSE(claimed->claimed);
    EXPECT_FALSE(not_claimed->claimed_by_foil);
}

}  // namespace
}  // namespace conclave::scenarios
