// Journals that were written by hand, or as a client process writes them, merged and judged.

#include "torture/merged.hpp"

#include <gmock/gmock.h>

#include <sstream>

#include "conclave/properties/characteristics.hpp"
#include "history_file.hpp"
#include "torture/history_lines.hpp"
#include "torture/journal.hpp"
#include "torture/judgement.hpp"

namespace conclave::torture {
namespace {

using properties::Action;
using properties::Outcome;
using properties::Status;
using scenarios::CallLog;
using scenarios::Observed;

constexpr std::int64_t second = 1'000'000'000;

/// The journal of one process, written by the classes that a client process uses.
class Process {
public:
    explicit Process(std::string name, int incarnation = 1)
        : who{std::move(name), incarnation},
          journal([this](const std::string& line) { text += line + "\n"; }),
          log([this] { return now; }, &journal) {
        journal.started({{Characteristic::linearizable},
                         {Feature::exclusive_by_belief, Feature::fencing}});
    }

    CallLog::Mark begin(Action action, const std::string& owner, std::int64_t ttl_ns = second) {
        properties::Call call;
        call.action = action;
        call.object = log.of(Observed::locks).text("lock");
        call.argument = log.of(Observed::locks).text(owner);
        call.ttl_ns = action == Action::release ? 0 : ttl_ns;
        return log.begin(Observed::locks, who, owner, call);
    }
    void campaign(const std::string& owner, const std::string& member) {
        properties::Calls& calls = log.of(Observed::leaderships);
        properties::Call call;
        call.action = Action::acquire;
        call.object = calls.text("group");
        call.argument = calls.text(owner);
        call.second = calls.text(member);
        call.ttl_ns = 60 * second;
        log.answered(log.begin(Observed::leaderships, who, owner, call), true);
    }
    CallLog::Mark begin_look() {
        properties::Call call;
        call.action = Action::read;
        call.object = log.of(Observed::leaderships).text("group");
        return log.begin(Observed::leaderships, who, "", call);
    }
    void look(const std::string& member) {
        const CallLog::Mark mark = begin_look();
        log.at(mark).result = log.of(Observed::leaderships).text(member);
        log.answered(mark, true);
    }
    /// Acquires and believes; the belief's number.
    std::uint64_t acquire(const std::string& owner, std::uint64_t token, std::int64_t until_ns,
                          std::int64_t ttl_ns = second) {
        const CallLog::Mark mark = begin(Action::acquire, owner, ttl_ns);
        const std::int64_t call_ns = now;
        now += second / 1000;
        log.at(mark).token = static_cast<std::int64_t>(token);
        log.answered(mark, true);
        return journal.believes({Observed::locks, "lock", token, call_ns, now, until_ns});
    }
    void release(std::uint64_t belief, const std::string& owner, std::int64_t until_ns) {
        now += second / 1000;
        journal.no_longer_believes(belief, now, until_ns);
        log.answered(begin(Action::release, owner), true);
    }

    void add_to(Merged& merged, std::int64_t end_ns, bool killed = false) const {
        std::istringstream in(text);
        merged.add(in, {who, end_ns, killed});
    }

    scenarios::Incarnation who;
    std::int64_t now = 0;
    std::string text;
    Journal journal;
    CallLog log;
};

const properties::Verdict& verdict(const std::vector<Judgement>& judgements,
                                   const std::string& property) {
    for (const Judgement& each : judgements)
        if (each.verdict.property == property) return each.verdict;
    throw std::logic_error("not judged: " + property);
}

std::vector<Judgement> judged(Merged& merged) {
    merged.finish();
    return judge(merged, {Workload::lock, std::chrono::seconds(1), false});
}

TEST(Merged, TimesBeginWithTheRun) {
    Process one("c1");
    one.now = 105 * second;
    one.release(one.acquire("a", 1, 106 * second), "a", 106 * second);
    Merged merged(100 * second);
    one.add_to(merged, 107 * second);
    ASSERT_EQ(merged.history.locks.size(), 1u);
    EXPECT_EQ(merged.history.locks[0].call_ns, 5 * second);
    EXPECT_EQ(merged.history.locks[0].end_ns, 5 * second + second / 500);
    EXPECT_EQ(merged.log.of(Observed::locks).calls.at(0).call_ns, 5 * second);
}

// What release() without a look at the owner does: the paused client removes its successor's lock, and
// a third one is let in while the second believes.
TEST(Merged, AReleaseWithoutOwnerCheckIsCaught) {
    Process one("c1"), two("c2"), three("c3");
    one.now = second;
    const std::uint64_t first = one.acquire("a", 1, 19 * second / 10);
    two.now = 3 * second;
    const std::uint64_t second_belief = two.acquire("b", 2, 39 * second / 10);
    one.now = 3 * second + second / 10;
    one.release(first, "a", 19 * second / 10);
    three.now = 3 * second + second / 5;
    three.release(three.acquire("c", 3, 4 * second), "c", 4 * second);
    two.now = 35 * second / 10;
    two.release(second_belief, "b", 39 * second / 10);
    Merged merged(0);
    for (const Process* each : {&one, &two, &three}) each->add_to(merged, 5 * second);
    const std::vector<Judgement> judgements = judged(merged);
    EXPECT_EQ(verdict(judgements, "exclusion").outcome, Outcome::violated);
    EXPECT_THAT(verdict(judgements, "exclusion").reason, testing::HasSubstr("c2"));
    EXPECT_EQ(verdict(judgements, "linearizable").outcome, Outcome::violated);
    EXPECT_EQ(verdict(judgements, "fencing").outcome, Outcome::held);
}

TEST(Merged, AKilledClientBelievesNoLongerThanItLived) {
    Process one("c1"), two("c2");
    one.now = second;
    one.acquire("a", 1, 19 * second / 10);
    two.now = 12 * second / 10;
    two.release(two.acquire("b", 2, 2 * second), "b", 2 * second);
    for (const bool killed_before : {true, false}) {
        Merged merged(0);
        one.add_to(merged, killed_before ? 11 * second / 10 : 15 * second / 10, true);
        two.add_to(merged, 5 * second);
        EXPECT_EQ(verdict(judged(merged), "exclusion").outcome,
                  killed_before ? Outcome::held : Outcome::violated);
    }
}

TEST(Merged, AStoppedClientBelievesNoLongerThanItsDeadline) {
    Process one("c1"), two("c2");
    one.now = second;
    one.acquire("a", 1, 19 * second / 10);
    two.now = 3 * second;
    two.release(two.acquire("b", 2, 4 * second), "b", 4 * second);
    Merged merged(0);
    one.add_to(merged, 4 * second, true);
    two.add_to(merged, 5 * second);
    const std::vector<Judgement> judgements = judged(merged);
    EXPECT_EQ(verdict(judgements, "exclusion").outcome, Outcome::held);
    EXPECT_EQ(merged.history.locks.at(0).end, properties::HoldEnd::lapsed);
    EXPECT_NE(verdict(judgements, "linearizable").outcome, Outcome::violated);
}

TEST(Merged, TheLastCallOfAKilledClientIsUnknownAndATornLineIsNone) {
    Process one("c1");
    one.now = second;
    one.begin(Action::acquire, "a");
    one.text += R"({"what":"ended","kind":0,"number":0,"call_)";
    Merged merged(0);
    one.add_to(merged, 2 * second, true);
    ASSERT_EQ(merged.log.of(Observed::locks).calls.size(), 1u);
    EXPECT_EQ(merged.log.of(Observed::locks).calls[0].status, Status::unknown);
}

TEST(Merged, ALineThatCannotBeReadIsAnErrorThatNamesIt) {
    Process one("c1", 2);
    one.text += "{}\n";
    Merged merged(0);
    try {
        one.add_to(merged, second);
        FAIL() << "it was read";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("c1#2, line 2"));
    }
}

// Record locks: no lease ends them, but the death of their process does.
TEST(Merged, WhatNoLeaseEndsMayEndWithItsProcess) {
    for (const bool killed : {true, false}) {
        Process one("c1"), two("c2");
        one.now = second;
        const std::uint64_t belief = one.acquire("a", 1, properties::never_ns, 0);
        if (!killed) one.journal.no_longer_believes(belief, 2 * second, properties::never_ns);
        two.now = 3 * second;
        two.release(two.acquire("b", 2, properties::never_ns, 0), "b", properties::never_ns);
        Merged merged(0);
        one.add_to(merged, killed ? 2 * second : 4 * second, killed);
        two.add_to(merged, 5 * second);
        EXPECT_EQ(verdict(judged(merged), "linearizable").outcome == Outcome::violated, !killed);
    }
}

TEST(Merged, ABeatUnderWayAtTheDeathOfItsProcessMayBringItsMemberBack) {
    for (const bool beating : {true, false}) {
        Process one("c1");
        if (beating) one.journal.doubtful({{"group", "m#1.1", 3 * second, second}});
        Merged merged(0);
        one.add_to(merged, 4 * second, true);
        EXPECT_EQ(merged.log.of(Observed::groups).calls.size(), beating ? 1u : 0u);
        if (!beating) continue;
        const properties::Call& back = merged.log.of(Observed::groups).calls.at(0);
        EXPECT_EQ(back.action, Action::join);
        EXPECT_EQ(back.status, Status::unknown);
        EXPECT_EQ(back.call_ns, 3 * second);
    }
}

// Its own lives the log tells by itself.
TEST(Merged, ABeatThatIsWithdrawnMayEndTheLivesOfEarlierIncarnations) {
    Process first("c1", 1), again("c1", 2);
    const auto join = [](Process& process, const std::string& life) {
        properties::Call call;
        call.action = Action::join;
        call.object = process.log.of(Observed::groups).text("group");
        call.argument = process.log.of(Observed::groups).text(life);
        process.log.answered(process.log.begin(Observed::groups, process.who, "", call), true);
    };
    join(first, "m#1.1");
    join(again, "m#2.1");
    again.now = 2 * second;
    again.log.earlier_lives_may_end("m", "");
    Merged merged(0);
    first.add_to(merged, second, true);
    again.add_to(merged, 3 * second);
    merged.finish();
    const properties::Calls& calls = merged.log.of(Observed::groups);
    ASSERT_EQ(calls.calls.size(), 3u);
    EXPECT_EQ(calls.calls[2].action, Action::leave);
    EXPECT_EQ(calls.text(calls.calls[2].argument), "m#1.1");
    EXPECT_EQ(calls.calls[2].call_ns, 2 * second);
    EXPECT_EQ(calls.calls[2].status, Status::unknown);
}

TEST(Merged, NothingIsJudgedWhenNobodyStarted) {
    Merged merged(0);
    std::istringstream journal(R"({"what":"gave_up","reason":"no such option"})" "\n");
    merged.add(journal, {{"c1", 1}, second});
    EXPECT_TRUE(judged(merged).empty());
    EXPECT_THAT(merged.complaints, testing::ElementsAre("no such option"));
}

TEST(History, IsJudgedAgainAsItWas) {
    Process one("c1"), two("c2");
    one.now = second;
    one.release(one.acquire("a", 1, 2 * second), "a", 2 * second);
    one.begin(Action::acquire, "d");
    two.now = 3 * second;
    two.acquire("b", 2, 4 * second);
    two.log.answered(two.begin(Action::acquire, "c"), false);
    Merged merged(0);
    one.add_to(merged, 5 * second, true);
    two.add_to(merged, 5 * second);
    merged.finish();
    merged.partitioned(second, 2 * second, {"c1"}, {"c2"});
    std::stringstream lines;
    write_history(merged.log.of(Observed::locks), lines);
    const tool::HistoryFile read = tool::read_history(lines, "saved", properties::Model::lease);
    const properties::Calls& calls = merged.log.of(Observed::locks);
    ASSERT_EQ(read.history.calls.size(), calls.calls.size());
    EXPECT_EQ(read.history.partitions.size(), 1u);
    EXPECT_TRUE(read.every_server);
    for (std::size_t i = 0; i < calls.calls.size(); ++i) {
        EXPECT_EQ(read.history.calls[i].action, calls.calls[i].action);
        EXPECT_EQ(read.history.calls[i].call_ns, calls.calls[i].call_ns);
        EXPECT_EQ(read.history.calls[i].status, calls.calls[i].status);
        EXPECT_EQ(read.history.calls[i].agreed, calls.calls[i].agreed);
        EXPECT_EQ(read.history.calls[i].token, calls.calls[i].token);
        EXPECT_EQ(read.history.calls[i].ttl_ns, calls.calls[i].ttl_ns);
    }
    EXPECT_EQ(check_linearizable(read.history, properties::Model::lease).outcome, Outcome::held);
}

// A leader is read as the member for whom the owner acts; who is killed while it looks saw nothing.
TEST(History, OfLeadersKeepsWhoWasRead) {
    for (const bool lying : {false, true}) {
        Process one("c1"), two("c2");
        two.now = second;
        two.look("null");
        one.now = 2 * second;
        one.campaign("a", "ann");
        two.now = 3 * second;
        two.look(lying ? "a" : "ann");
        two.now = 4 * second;
        two.begin_look();
        Merged merged(0);
        one.add_to(merged, 5 * second);
        two.add_to(merged, 5 * second, true);
        merged.finish();
        std::stringstream lines;
        write_history(merged.log.of(Observed::leaderships), lines);
        const auto read = tool::read_history(lines, "saved", properties::Model::leader);
        const Outcome expected = lying ? Outcome::violated : Outcome::held;
        const properties::Calls* const both[] = {&merged.log.of(Observed::leaderships),
                                                 &read.history};
        for (const properties::Calls* const calls : both) {
            ASSERT_EQ(calls->calls.size(), 4u);
            EXPECT_EQ(calls->calls[3].status, Status::unknown);
            EXPECT_EQ(check_linearizable(*calls, properties::Model::leader).outcome, expected);
        }
    }
}

}  // namespace
}  // namespace conclave::torture
