// `conclave sim shrink`, and what `conclave sim run` shrinks by itself.

#include <gmock/gmock.h>

#include <algorithm>

#include "tool.hpp"

namespace conclave {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

constexpr const char* whole = ".conclave/failures/redis-lock_clock_drift_beyond-";

class ShrinkCommand : public Tool {
protected:
    /// Saves the first find of a scenario whose violation is expected, not shrunk; its path.
    std::string find() {
        const Finished ran = run(
            "sim run redis/lock_clock_drift_beyond --seeds 20 --no-shrink --progress none");
        EXPECT_EQ(ran.code, 0) << ran.text;
        return line(ran.text, "plan:   ");
    }

    /// What follows `mark` on its line.
    static std::string line(const std::string& text, const std::string& mark) {
        const std::size_t at = text.find(mark);
        if (at == std::string::npos) return "";
        return text.substr(at + mark.size(), text.find('\n', at) - at - mark.size());
    }
};

TEST_F(ShrinkCommand, TellsWhatIsLeftAndSavesAPlanThatReplays) {
    const std::string plan = find();
    ASSERT_THAT(plan, HasSubstr(whole));
    const Finished shrunk = run("sim shrink " + plan);
    EXPECT_EQ(shrunk.code, 0) << "what is violated is not claimed\n" << shrunk.text;
    EXPECT_THAT(shrunk.text,
                AllOf(HasSubstr("expected exclusion"), HasSubstr("two holders of"),
                      ContainsRegex("minimal counterexample: [0-9] of [0-9]+ faults, 2 of 3 clients, "
                                    "[0-9]+ of [0-9]+ operations; without any one of them")));
    EXPECT_LE(std::count(shrunk.text.begin(), shrunk.text.end(), '\n'), 25) << shrunk.text;
    EXPECT_EQ(line(shrunk.text, "whole:  "), plan);
    const std::string small = line(shrunk.text, "plan:   ");
    EXPECT_THAT(small, HasSubstr("/minimal/redis-lock_clock_drift_beyond-"));
    const std::string replay = line(shrunk.text, "replay: ");
    const Finished again = run(replay.substr(replay.find("sim replay")));
    EXPECT_EQ(again.code, 0) << again.text;
    EXPECT_THAT(again.text, AllOf(HasSubstr("violated exclusion"), HasSubstr(", as saved"),
                                  Not(HasSubstr("minimal counterexample")),
                                  Not(HasSubstr("no return"))));
}

TEST_F(ShrinkCommand, WritesWhereItIsTold) {
    const Finished shrunk = run("sim shrink " + find() + " --out mine/small.plan");
    EXPECT_EQ(shrunk.code, 0) << shrunk.text;
    EXPECT_EQ(line(shrunk.text, "plan:   "), "mine/small.plan");
    EXPECT_THAT(read("mine/small.plan"), HasSubstr("format = \"conclave-plan/1\""));
}

TEST_F(ShrinkCommand, TakesAScenarioAndASeed) {
    const std::string plan = find();
    const std::string seed = plan.substr(plan.rfind('-') + 1, plan.rfind('.') - plan.rfind('-') - 1);
    const Finished drawn =
        run("sim shrink redis/lock_clock_drift_beyond --seed " + seed + " --out drawn.plan");
    EXPECT_EQ(drawn.code, 0) << drawn.text;
    run("sim shrink " + plan + " --out saved.plan");
    EXPECT_EQ(read("drawn.plan"), read("saved.plan"));
}

TEST_F(ShrinkCommand, SaysWhenItsTimeDidNotSuffice) {
    const Finished cut = run("sim shrink " + find() + " --budget 1ms");
    EXPECT_EQ(cut.code, 5) << cut.text;
    EXPECT_THAT(cut.text, AllOf(HasSubstr("shrunk, but not to the end: "),
                                Not(HasSubstr("minimal counterexample"))));
}

TEST_F(ShrinkCommand, AClaimThatIsViolatedIsAFailure) {
    std::string plan = read(find());
    const std::string outside = "outside_envelope = [\"clock_rate\"]";
    ASSERT_THAT(plan, HasSubstr(outside));
    plan.replace(plan.find(outside), outside.size(), "outside_envelope = []");
    const Finished shrunk = run("sim shrink " + write("claimed.plan", plan));
    EXPECT_EQ(shrunk.code, 1) << shrunk.text;
    EXPECT_THAT(shrunk.text, HasSubstr("FAIL "));
}

TEST_F(ShrinkCommand, ErrorsNameWhatIsWrong) {
    const std::string plan = find();
    const Finished unknown = run("sim shrink " + plan + " --property color");
    EXPECT_EQ(unknown.code, 2);
    EXPECT_THAT(unknown.text, HasSubstr("--property 'color': expected one of: exclusion, "));
    const Finished held = run("sim shrink " + plan + " --property progress");
    EXPECT_EQ(held.code, 3) << "a saved Plan came to another verdict\n" << held.text;
    EXPECT_THAT(held.text, HasSubstr("violates no progress"));
    const Finished drawn = run("sim shrink redis/control/lock_no_fault --seed 1");
    EXPECT_EQ(drawn.code, 4) << drawn.text;
    EXPECT_THAT(drawn.text, HasSubstr("violates nothing"));
    const Finished budget = run("sim shrink " + plan + " --budget 1h");
    EXPECT_EQ(budget.code, 2);
    EXPECT_THAT(budget.text, HasSubstr("--budget '1h'"));
    EXPECT_EQ(run("sim shrink nowhere.plan").code, 2);
    const Finished occupied = run("sim shrink " + plan + " --out " + plan + "/x.plan");
    EXPECT_EQ(occupied.code, 70);
    EXPECT_THAT(occupied.text, HasSubstr("not shrunk: "));
}

TEST_F(ShrinkCommand, IsDoneByASweepForWhatItShows) {
    const Finished ran = run("sim run redis/lock_clock_drift_beyond --seeds 20 --progress none");
    EXPECT_EQ(ran.code, 0) << ran.text;
    // How far it comes within its few seconds is the machine's matter.
    EXPECT_THAT(ran.text, ContainsRegex("(minimal counterexample|but not to the end): "
                                        "[0-9]+ of [0-9]+ faults, "));
    const std::string small = line(ran.text, "plan:   ");
    EXPECT_THAT(small, HasSubstr("/minimal/"));
    EXPECT_THAT(read(small), HasSubstr("conclave-plan/1"));
    EXPECT_THAT(read(line(ran.text, "whole:  ")), HasSubstr("conclave-plan/1"));
    const Finished again = run("sim run redis/lock_clock_drift_beyond --seeds 1 --progress none");
    EXPECT_THAT(again.text, AllOf(HasSubstr("saved Plans first: "),
                                  Not(HasSubstr("saved Plan of another content"))))
        << "the small one is not a find of its own";
}

}  // namespace
}  // namespace conclave
