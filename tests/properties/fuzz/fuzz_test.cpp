// Every checker against the oracle on random histories of 5 to 8 calls. CONCLAVE_FUZZ_HISTORIES and
// CONCLAVE_FUZZ_SEED make it longer and other; scripts/soak does.

#include "fuzz.hpp"

#include <gtest/gtest.h>

#include <iostream>

#include "conclave/properties/models.hpp"

namespace conclave::fuzz {
namespace {

using properties::Model;

struct Case {
    Characteristic characteristic;
    Model model;
    bool unique;
    std::uint32_t objects;
};

std::ostream& operator<<(std::ostream& out, const Case& one) {
    return out << to_string(one.characteristic) << " " << to_string(one.model)
               << (one.unique ? " unique" : "") << (one.objects > 1 ? " many objects" : "");
}

std::vector<Case> cases() {
    std::vector<Case> all;
    for (const Characteristic characteristic :
         {Characteristic::linearizable, Characteristic::sequential, Characteristic::serializable,
          Characteristic::same_view_across_clients, Characteristic::same_view_under_partitions})
        for (const Model model : properties::all_models())
            for (const bool unique : {false, true}) {
                const bool has_values = model == Model::register_ || model == Model::cas_register ||
                                        model == Model::group;
                if (unique && !has_values) continue;
                all.push_back({characteristic, model, unique, 1});
                const bool global = characteristic == Characteristic::sequential;
                const bool local = characteristic == Characteristic::linearizable && !unique;
                if (global || local) all.push_back({characteristic, model, unique, 2});
            }
    for (const Model model : {Model::register_, Model::cas_register, Model::group})
        for (const std::uint32_t objects : {1U, 2U})
            all.push_back({Characteristic::causal, model, true, objects});
    return all;
}

/// The weaker the characteristic, the more lies it takes to violate it.
std::uint32_t lies_percent(const Case& one) {
    switch (one.characteristic) {
        case Characteristic::linearizable: return 30;
        case Characteristic::same_view_across_clients:
        case Characteristic::same_view_under_partitions: return 45;
        case Characteristic::serializable: return 80;
        default: return 55;
    }
}

class Fuzz : public testing::TestWithParam<Case> {};

TEST_P(Fuzz, CheckerAndOracleAgree) {
    const Case& one = GetParam();
    const std::uint64_t wanted = histories_wanted(1500);
    const bool partitions = one.characteristic == Characteristic::same_view_under_partitions;
    Count count;
    for (std::uint64_t i = 0; i < wanted && count.disagreement.empty(); ++i) {
        const std::uint64_t seed = first_seed() + i;
        const Wishes wishes{one.model,  5,          8,                 one.objects,
                            one.unique, partitions, lies_percent(one), true};
        compare(draw_history(wishes, seed), one.model, one.characteristic, seed % 3 == 0, count);
        ASSERT_EQ(count.disagreement, "") << "seed " << seed;
    }
    const auto percent = [&](std::uint64_t part) { return part * 100 / count.histories; };
    std::cout << "summary: fuzz of " << one << ": " << count.histories << " histories, "
              << percent(count.violating) << " % violating, " << percent(count.unknown)
              << " % with unknown outcomes, " << percent(count.messages) << " % with messages, "
              << percent(count.expiring) << " % with expiry, "
              << percent(count.by_monitor) << " % decided without search, "
              << percent(count.undecided) << " % outside the class, 0 disagreements\n";
    EXPECT_GE(percent(count.unknown), 30U);
    EXPECT_GE(percent(count.messages), 50U);
    if (wanted < 1000) return;  // too few to say anything of shares
    EXPECT_GE(percent(count.violating), 30U);
    EXPECT_LE(percent(count.violating), 85U);
    if (properties::understands(one.model, properties::Action::expire))
        EXPECT_GE(percent(count.expiring), 20U);
}

INSTANTIATE_TEST_SUITE_P(Checkers, Fuzz, testing::ValuesIn(cases()));

}  // namespace
}  // namespace conclave::fuzz
