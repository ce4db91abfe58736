// Plans that once showed a bug: the right code holds what it claims on each of them.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "support.hpp"

namespace conclave::scenarios {
namespace {

std::vector<std::string> saved_plans() {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(CONCLAVE_REGRESSIONS))
        if (entry.path().extension() == ".plan") paths.push_back(entry.path().string());
    std::sort(paths.begin(), paths.end());
    return paths;
}

class Regression : public testing::TestWithParam<std::string> {};

TEST_P(Regression, StaysFixed) {
    std::ifstream in(GetParam());
    std::ostringstream text;
    text << in.rdbuf();
    const Plan plan = parse_plan(text.str(), GetParam());
    const RunResult run = run_plan(plan);
    EXPECT_EQ(run.faults, plan.faults.size()) << "stale: faults no longer apply";
    for (const Judgement& each : run.judgements)
        EXPECT_FALSE(each.failed()) << each.verdict.property << ": " << each.verdict.reason;
}

std::string name_of(const testing::TestParamInfo<std::string>& info) {
    return std::filesystem::path(info.param).stem().string();
}

// An empty folder would be a suite that cannot fail: GoogleTest fails an empty instantiation.
INSTANTIATE_TEST_SUITE_P(Saved, Regression, testing::ValuesIn(saved_plans()), name_of);

}  // namespace
}  // namespace conclave::scenarios
