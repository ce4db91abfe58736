// The always-checked properties and the pause test against an oracle that looks at every pair, on
// random histories. CONCLAVE_FUZZ_HISTORIES and CONCLAVE_FUZZ_SEED as in fuzz_test.cpp.

#include "../oracle/always.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <iostream>

#include "conclave/properties/checkers.hpp"
#include "fuzz.hpp"

namespace conclave::fuzz {
namespace {

using namespace properties;

/// What one checker and its oracle say of one drawn history.
struct Said {
    Outcome outcome;
    bool violating;
};

struct Trial {
    const char* name;
    std::function<Said(Dice&)> judge;
};
std::ostream& operator<<(std::ostream& out, const Trial& trial) { return out << trial.name; }

std::string name(const char* prefix, std::uint32_t number) {
    return prefix + std::to_string(number);
}

/// Holds of few objects and tokens: mostly one after the other, some not.
std::vector<Hold> draw_holds(Dice& dice) {
    std::vector<Hold> holds;
    const std::uint32_t count = 2 + dice.below(6);
    std::uint64_t token = 0;
    std::int64_t at_ns = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        Hold hold;
        hold.client = name("c", dice.below(3));
        hold.object = name("x", dice.below(2));
        hold.call_ns = std::max<std::int64_t>(0, at_ns - dice.below(3));
        hold.begin_ns = hold.call_ns + 1 + dice.below(3);
        hold.end_ns = dice.chance(5) ? never_ns : hold.begin_ns + dice.below(5);
        at_ns = dice.chance(85) && hold.end_ns != never_ns ? hold.end_ns : hold.begin_ns;
        hold.token = dice.chance(75) ? ++token : dice.below(6);
        holds.push_back(hold);
    }
    return holds;
}

std::vector<ResourceAccess> draw_accesses(Dice& dice) {
    std::vector<ResourceAccess> accesses;
    std::uint64_t token = 1;
    const std::uint32_t count = 3 + dice.below(6);
    for (std::uint32_t i = 0; i < count; ++i) {
        token += dice.below(2);
        ResourceAccess access;
        access.token = dice.chance(85) ? token : dice.below(6);
        access.holder =
            name("h", dice.chance(90) ? static_cast<std::uint32_t>(access.token) : dice.below(3));
        access.object = name("x", dice.below(2));
        access.write = dice.chance(50);
        access.accepted = dice.chance(80);
        access.at_ns = i;
        accesses.push_back(access);
    }
    return accesses;
}

/// Reads, and what they should have seen or not.
History draw_membership(Dice& dice) {
    History history;
    for (int i = 0; i < 3; ++i) {
        const std::int64_t begin_ns = dice.below(10);
        const std::int64_t length = dice.chance(20) ? never_ns - begin_ns : dice.below(10);
        history.presences.push_back(
            {name("m", dice.below(3)), name("g", dice.below(2)), begin_ns, begin_ns + length});
        const std::int64_t at_ns = dice.below(10);
        history.departures.push_back({name("m", dice.below(3)), name("g", dice.below(2)), at_ns,
                                      at_ns + dice.below(3),
                                      dice.chance(50) ? never_ns : at_ns + dice.below(12)});
        MembersRead read;
        read.client = name("c", dice.below(2));
        read.group = name("g", dice.below(2));
        read.call_ns = dice.below(14);
        read.return_ns = read.call_ns + dice.below(4);
        for (std::uint32_t member = 0; member < 3; ++member)
            if (dice.chance(60)) read.members.insert(name("m", member));
        history.reads.push_back(read);
    }
    return history;
}

/// A pause that begins after a call which gave something, mostly.
Silence draw_pause(Dice& dice, const Calls& history) {
    std::vector<const Call*> giving;
    for (const Call& call : history.calls)
        if (call.action == Action::acquire || call.action == Action::join) giving.push_back(&call);
    if (giving.empty() || dice.chance(10)) return {1, dice.below(10), 30};
    const Call& given = *giving[dice.below(static_cast<std::uint32_t>(giving.size()))];
    const std::int64_t begin_ns =
        (given.status == Status::unknown ? given.call_ns : given.return_ns) + 1;
    return {given.session, begin_ns, begin_ns + 8 + dice.below(25)};
}

Said judge_pauses(Dice& dice, Model model) {
    const Calls history = draw_history({model, 12, 24, 1, false, false, 55}, dice.next());
    const std::vector<Silence> pauses{draw_pause(dice, history), draw_pause(dice, history)};
    const std::int64_t timeout_ns = 1;
    return {check_pauses(history, model, pauses, timeout_ns).outcome,
            oracle::lost_by_silence(history, model, pauses, timeout_ns)};
}

std::vector<Trial> trials() {
    const std::int64_t bound_ns = 2;
    return {
        {"exclusion",
         [](Dice& dice) {
             const std::vector<Hold> holds = draw_holds(dice);
             return Said{check_exclusion("exclusion", holds).outcome, oracle::two_holders(holds)};
         }},
        {"fencing",
         [](Dice& dice) {
             const std::vector<Hold> holds = draw_holds(dice);
             return Said{check_tokens("fencing", holds).outcome, oracle::tokens_do_not_grow(holds)};
         }},
        {"fenced_effects",
         [](Dice& dice) {
             const std::vector<ResourceAccess> accesses = draw_accesses(dice);
             return Said{check_fenced_effects(accesses).outcome,
                         oracle::fence_let_through(accesses)};
         }},
        {"membership_accuracy",
         [](Dice& dice) {
             const History history = draw_membership(dice);
             return Said{check_membership_accuracy(history).outcome,
                         oracle::missed_member(history)};
         }},
        {"membership_completeness",
         [](Dice& dice) {
             const History history = draw_membership(dice);
             return Said{check_membership_completeness(history, bound_ns).outcome,
                         oracle::ghost_member(history, bound_ns)};
         }},
        {"non_timeout_based lease", [](Dice& dice) { return judge_pauses(dice, Model::lease); }},
        {"non_timeout_based leader", [](Dice& dice) { return judge_pauses(dice, Model::leader); }},
        {"non_timeout_based group", [](Dice& dice) { return judge_pauses(dice, Model::group); }},
    };
}

class AlwaysChecked : public testing::TestWithParam<Trial> {};

TEST_P(AlwaysChecked, CheckerAndOracleAgree) {
    const std::uint64_t wanted = histories_wanted(5000);
    std::uint64_t violating = 0, undecided = 0;
    for (std::uint64_t i = 0; i < wanted; ++i) {
        const std::uint64_t seed = first_seed() + i;
        Dice dice(seed);
        const Said said = GetParam().judge(dice);
        violating += said.violating;
        undecided += said.outcome == Outcome::undecided;
        ASSERT_EQ(said.outcome == Outcome::violated, said.violating) << "seed " << seed;
    }
    std::cout << "summary: fuzz of " << GetParam() << ": " << wanted << " histories, "
              << violating * 100 / wanted << " % violating, " << undecided * 100 / wanted
              << " % without a case, 0 disagreements\n";
    if (wanted < 1000) return;  // too few to say anything of shares
    EXPECT_GE(violating * 100 / wanted, 20U);
    EXPECT_LE(violating * 100 / wanted, 85U);
}

INSTANTIATE_TEST_SUITE_P(Checkers, AlwaysChecked, testing::ValuesIn(trials()));

}  // namespace
}  // namespace conclave::fuzz
