// What is stronger implies what is weaker, on random histories: a checker that breaks this is wrong
// whatever the others say.

#include <gtest/gtest.h>

#include "conclave/properties/characteristics.hpp"
#include "fuzz/fuzz.hpp"

namespace conclave::fuzz {
namespace {

using namespace properties;

class Implications : public testing::TestWithParam<Model> {
protected:
    /// Fails when the first held and the second is violated. The weaker is left to the search
    /// alone: its monitors ask the stronger first.
    void expect_implied(Characteristic stronger, Characteristic weaker, const Calls& history) {
        const Finding strong = check(stronger, history, GetParam());
        const Finding weak = check(weaker, history, GetParam(), {.monitors = false});
        const bool broken = strong.outcome == Outcome::held && weak.outcome == Outcome::violated;
        EXPECT_FALSE(broken) << to_string(stronger) << " held by " << strong.method << ", but "
                             << to_string(weaker) << " is violated: " << weak.reason << "\n"
                             << list(history);
        proven_ += strong.outcome == Outcome::held;
        refuted_ += weak.outcome == Outcome::violated;
    }
    std::uint64_t proven_ = 0, refuted_ = 0;
};

TEST_P(Implications, TheStrongerHoldsOnlyWhereTheWeakerDoes) {
    const std::uint64_t wanted = histories_wanted(1000);
    for (std::uint64_t i = 0; i < wanted && !HasFailure(); ++i) {
        const std::uint64_t seed = first_seed() + i;
        const std::uint32_t objects = 1 + seed / 2 % 2;
        Wishes wishes{GetParam(), 5, 12, objects, seed % 2 == 0, true};
        wishes.messages = true;
        const Calls history = draw_history(wishes, seed);
        // Over several objects only where nothing is called at the instant of a return.
        if (objects == 1) {
            expect_implied(Characteristic::linearizable, Characteristic::sequential, history);
            expect_implied(Characteristic::linearizable, Characteristic::causal, history);
        }
        expect_implied(Characteristic::sequential, Characteristic::causal, history);
        expect_implied(Characteristic::sequential, Characteristic::serializable, history);
        expect_implied(Characteristic::linearizable, Characteristic::same_view_across_clients,
                       history);
        expect_implied(Characteristic::same_view_across_clients,
                       Characteristic::same_view_under_partitions, history);
    }
    EXPECT_GT(proven_, wanted / 5);
    EXPECT_GT(refuted_, wanted / 5);
}

std::string name_of(const testing::TestParamInfo<Model>& info) {
    std::string name(to_string(info.param));
    for (char& letter : name)
        if (letter == '-') letter = '_';
    return name;
}

INSTANTIATE_TEST_SUITE_P(Models, Implications, testing::ValuesIn(all_models()), name_of);

}  // namespace
}  // namespace conclave::fuzz
