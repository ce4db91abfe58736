#include "conclave/scenarios/observed/call_log.hpp"

#include <gtest/gtest.h>

#include "conclave/properties/characteristics.hpp"

namespace conclave::scenarios {
namespace {

using properties::Action;
using properties::Silence;

/// A log by a clock that the test sets, of one process "c1" that has acquired "x" as "a".
class ALog : public testing::Test {
protected:
    ALog() {
        properties::Call call;
        call.action = Action::acquire;
        call.object = log.of(Observed::locks).text("x");
        call.argument = log.of(Observed::locks).text("a");
        const CallLog::Mark mark = log.begin(Observed::locks, who, "a", call);
        log.holds_until_death(who, mark);
        log.answered(mark, true);
        now = 10;
    }

    Silence only_pause() const {
        const auto pauses = log.pauses(Observed::locks);
        EXPECT_EQ(pauses.size(), 1u);
        return pauses.empty() ? Silence{} : pauses.front();
    }
    std::int64_t only_cut_ends() {
        const auto& cuts = log.of(Observed::groups).partitions;
        EXPECT_EQ(cuts.size(), 1u);
        return cuts.empty() ? -1 : cuts.front().end_ns;
    }

    std::int64_t now = 0;
    const Incarnation who{"c1", 1};
    CallLog log{[this] { return now; }};
};

TEST_F(ALog, APauseEndsWhenTheProcessGoesOn) {
    log.paused("c1");
    now = 20;
    log.resumed("c1");
    now = 30;
    log.resumed("c1");
    EXPECT_EQ(only_pause().begin_ns, 10);
    EXPECT_EQ(only_pause().end_ns, 20);
}

TEST_F(ALog, APauseEndsWithTheProcess) {
    log.paused("c1");
    now = 20;
    log.died("c1");
    now = 30;
    log.resumed("c1");
    EXPECT_EQ(only_pause().end_ns, 20);
    ASSERT_EQ(log.deaths(Observed::locks).size(), 1u);
    EXPECT_EQ(log.deaths(Observed::locks).front().begin_ns, 20);
}

TEST_F(ALog, APauseEndsWithTheRun) {
    log.paused("c1");
    now = 40;
    log.close();
    EXPECT_EQ(only_pause().end_ns, 40);
}

TEST_F(ALog, AnotherProcessEndsNoPause) {
    log.paused("c1");
    now = 20;
    log.resumed("c2");
    log.died("c3");
    EXPECT_EQ(only_pause().end_ns, properties::never_ns);
}

TEST_F(ALog, APartitionEndsWhenItHealsOrAllDo) {
    const std::size_t cut = log.partitioned({"c1"}, {"c2"});
    EXPECT_EQ(only_cut_ends(), properties::never_ns);
    now = 20;
    log.all_healed();
    now = 30;
    log.healed(cut);
    EXPECT_EQ(only_cut_ends(), 20);
}

TEST_F(ALog, AWindowThatWasRecordedElsewhereKeepsItsEnd) {
    log.partitioned(1, 5, {"c1"}, {"c2"});
    log.paused("c1", 2, 6);
    log.close();
    EXPECT_EQ(only_cut_ends(), 5);
    EXPECT_EQ(only_pause().end_ns, 6);
}

TEST_F(ALog, ADeathEndsWhatItsProcessHeldAndIsNoTimer) {
    now = 20;
    log.died("c1");
    ASSERT_EQ(log.endings(Observed::locks).size(), 1u);
    const properties::Ending& ending = log.endings(Observed::locks).front();
    EXPECT_EQ(ending.at_ns, 20);
    EXPECT_FALSE(ending.silence_timer);
    const auto trace = caused_losses(log.of(Observed::locks), log.endings(Observed::locks));
    EXPECT_EQ(check_provenance(trace).outcome, properties::Outcome::held);
}

TEST_F(ALog, WhatOneFiberReadAndAnotherIsToldOfIsAMessageFromTheAnswerOn) {
    properties::Calls& groups = log.of(Observed::groups);
    const auto read = [&](const char* process, std::int64_t deadline, std::int64_t end) {
        properties::Call call;
        call.action = Action::members;
        const CallLog::Mark mark = log.begin(Observed::groups, {process, 1}, "", call);
        log.at(mark).session = groups.text("the watch of " + std::string(process));
        log.news().asked({process, 1, "g", Deadline(TimePoint(Duration(deadline)))}, mark.index);
        now = end;
        if (end % 10 == 0) log.answered(mark, true);
    };
    read("c1", 7, 20);
    read("c1", 8, 25);  // not answered
    read("c2", 7, 30);
    now = 40;
    for (const std::int64_t deadline : {7, 8, 9})
        tell(log, who, "g", Deadline(TimePoint(Duration(deadline))));
    tell(log, {"c1", 2}, "g", Deadline(TimePoint(Duration(7))));
    tell(log, who, "h", Deadline(TimePoint(Duration(7))));
    ASSERT_EQ(groups.messages.size(), 1u);
    const properties::Message& message = groups.messages.front();
    EXPECT_EQ(groups.text(message.from), "the watch of c1");
    EXPECT_EQ(groups.text(message.to), "c1#1/0");
    EXPECT_EQ(message.sent_ns, 20);
    EXPECT_EQ(message.received_ns, 40);
    EXPECT_EQ(message.position, 3u);
}

TEST_F(ALog, AnErrandTellsWhoRunsItAndWhoWaitedForIt) {
    properties::Calls& groups = log.of(Observed::groups);
    Errand errand(&log, who);
    for (const char* process : {"c1", "c2"}) {
        now += 10;
        properties::Call call;
        call.action = Action::members;
        const CallLog::Mark mark = log.begin(Observed::groups, {process, 1}, "", call);
        log.at(mark).session = groups.text("a fiber of " + std::string(process));
        log.news().asked({process, 1, "g", Deadline::never()}, mark.index);
        now += 10;
        log.answered(mark, true);
    }
    errand.done();
    Errand(&log, who).done();
    ASSERT_EQ(groups.messages.size(), 2u);
    const properties::Message &there = groups.messages[0], &back = groups.messages[1];
    EXPECT_EQ(groups.text(there.from), "c1#1/0");
    EXPECT_EQ(there.sent_ns, 10);
    EXPECT_EQ(there.received_ns, 20);
    EXPECT_EQ(there.position, 0u);
    EXPECT_EQ(groups.text(back.from), "a fiber of c1");
    EXPECT_EQ(back.sent_ns, 30);
    EXPECT_EQ(back.received_ns, 50);
    EXPECT_EQ(back.to, there.from);
}

TEST_F(ALog, AnEndOfAMembershipIsOneOfEachLifeThatItMayMean) {
    log.next_life("g", "m");
    log.next_life("g", "m");
    log.next_life("h", "m");
    log.ended({Observed::groups, "g", "m", "the ttl ran out", true});
    EXPECT_EQ(log.endings(Observed::groups).size(), 2u);
    log.ended({Observed::groups, "", "m", "the ttl ran out", true});
    EXPECT_EQ(log.endings(Observed::groups).size(), 5u);
}

/// What an owner did with "x"; of unknown outcome without an end.
void add(properties::Calls& history, Action action, const char* owner, std::int64_t call_ns,
         std::int64_t return_ns, bool agreed = true) {
    properties::Call call;
    call.action = action;
    call.object = history.text("x");
    call.session = call.argument = history.text(owner);
    call.call_ns = call_ns;
    call.return_ns = return_ns;
    call.ttl_ns = action == Action::release ? 0 : 50;
    call.agreed = agreed;
    if (return_ns != properties::never_ns) call.status = properties::Status::ok;
    history.calls.push_back(call);
}

TEST(Commits, NumberTheCallsThatTheyBelongTo) {
    properties::Calls history;
    add(history, Action::acquire, "a", 0, 10);
    add(history, Action::renew, "a", 20, 30);
    add(history, Action::renew, "a", 40, properties::never_ns);
    add(history, Action::acquire, "b", 60, 70, false);
    add(history, Action::acquire, "b", 100, 110);
    add(history, Action::release, "a", 150, 160, false);
    add(history, Action::release, "b", 170, properties::never_ns);
    const auto commit = [&](Action action, const char* owner, std::int64_t at_ns) {
        return Commit{action, history.text("x"), history.text(owner), at_ns};
    };
    link_commits(history, {commit(Action::acquire, "a", 5), commit(Action::renew, "a", 22),
                           commit(Action::renew, "a", 28),  // asked again: it lasts from here on
                           commit(Action::renew, "a", 45), commit(Action::expire, "a", 95),
                           commit(Action::acquire, "b", 105)});
    std::vector<std::int64_t> revisions;
    for (const properties::Call& call : history.calls) revisions.push_back(call.revision);
    constexpr std::int64_t none = properties::absent_number;
    EXPECT_EQ(revisions, (std::vector<std::int64_t>{0, 2, 3, none, 5, none, none}));
    ASSERT_EQ(history.lease_ends.size(), 1u);
    EXPECT_EQ(history.lease_ends[0].call, 2u);
    EXPECT_EQ(history.lease_ends[0].revision, 4);

    const auto judged = [&] { return check_linearizable(history, properties::Model::lease); };
    EXPECT_EQ(judged().method, "revisions") << judged().reason;
    EXPECT_EQ(judged().witness, (std::vector<std::uint32_t>{0, 1, 3, 2, 2 | properties::lease_end, 4, 5}));
    history.lease_ends.clear();  // then the order explains nothing, and proves nothing
    EXPECT_EQ(judged().outcome, properties::Outcome::held);
    EXPECT_NE(judged().method, "revisions");
}

}  // namespace
}  // namespace conclave::scenarios
