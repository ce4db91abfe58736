// A coordinator that is stopped in the middle of things, and what becomes of its campaigns.

#include "coordinator_fixture.hpp"

namespace conclave {
namespace {

using namespace testing;

class CoordinatorStop : public CoordinatorTest {
protected:
    int elected = 0;
    WatchId watch;

    void SetUp() override {
        start(a);
        start(b);
    }
    void stand() {
        on_fiber([&] {
            watch = a.coordinator->watch_elected_as_leader("g", [&](const LeaderElected&) {
                ++elected;
            });
        });
    }
    /// Its outcome is unknown to `a`, and it has taken effect.
    void win_without_knowing() {
        a.link.next_fault = Fault::lost_reply;
        on_fiber([&] { EXPECT_THROW(a.coordinator->run_elect_coordinator(), ConnectionError); });
        ASSERT_EQ(backend.leaders.count("g"), 1u);
    }
    void begin(std::function<void()> body) {
        group.spawn(std::move(body));
        scheduler.run();
    }
};

TEST_F(CoordinatorStop, AWinWhoseReplyWasLostIsRecognised) {
    stand();
    win_without_knowing();
    on_fiber([&] { EXPECT_EQ(a.coordinator->run_elect_coordinator().size(), 1u); });
    EXPECT_EQ(elected, 1);
    scheduler.advance(2 * fake_ttl);
    EXPECT_EQ(backend.leaders.count("g"), 1u);
}

TEST_F(CoordinatorStop, UnwatchGivesBackWhatACampaignMayHaveWon) {
    stand();
    win_without_knowing();
    on_fiber([&] { a.coordinator->unwatch_elected_as_leader("g", watch); });
    scheduler.run();
    EXPECT_EQ(backend.leaders.count("g"), 0u);
}

TEST_F(CoordinatorStop, StopGivesBackWhatACampaignMayHaveWon) {
    stand();
    win_without_knowing();
    on_fiber([&] { a.coordinator->stop(); });
    EXPECT_EQ(backend.leaders.count("g"), 0u);
}

TEST_F(CoordinatorStop, AGrantThatCameTooLateIsNotTold) {
    stand();
    a.link.reply_latency = fake_ttl;
    on_fiber([&] { EXPECT_TRUE(a.coordinator->run_elect_coordinator().empty()); });
    EXPECT_EQ(elected, 0);
    EXPECT_FALSE(a.coordinator->is_leader("g"));
}

TEST_F(CoordinatorStop, ACampaignThatWinsAfterItsWatchHasEndedIsGivenBack) {
    stand();
    a.link.latency = 500ms;
    begin([&] { EXPECT_TRUE(a.coordinator->run_elect_coordinator().empty()); });
    on_fiber([&] { a.coordinator->unwatch_elected_as_leader("g", watch); });
    scheduler.advance(2s);
    EXPECT_EQ(elected, 0);
    EXPECT_EQ(backend.leaders.count("g"), 0u);
}

// It is the campaign's owner that the stop must not take away under it (file/field/shutdown seed 80).
TEST_F(CoordinatorStop, ACampaignUnderWayEndsWithIt) {
    stand();
    a.link.every_fault = Fault::stuck;
    bool ended = false;
    begin([&] {
        EXPECT_THROW(a.coordinator->run_elect_coordinator(), Cancelled);
        ended = true;
    });
    on_fiber([&] { a.coordinator->stop(1s); });
    EXPECT_TRUE(ended);
}

TEST_F(CoordinatorStop, OutOfAHookItDoesNotWaitForItself) {
    std::optional<StopReport> report;
    int later = 0;
    on_fiber([&] {
        a.coordinator->watch_elected_as_leader("g", [&](const LeaderElected&) {
            report = a.coordinator->stop(5s);
        });
        a.coordinator->watch_elected_as_leader("g", [&](const LeaderElected&) { ++later; });
        const TimePoint begun = now();
        EXPECT_THROW(a.coordinator->run_elect_coordinator(), Cancelled);
        EXPECT_LT(now(), begun + 1s);
    });
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->still_running.empty());
    EXPECT_EQ(later, 0) << "no hook begins after the stop";
    EXPECT_EQ(backend.leaders.count("g"), 0u);
}

TEST_F(CoordinatorStop, AHookThatStillRunsIsReported) {
    on_fiber([&] {
        a.coordinator->watch_elected_as_leader(
            "g", [&](const LeaderElected&) { sleep_for(environment.runtime, 60s); });
    });
    begin([&] { a.coordinator->run_elect_coordinator(); });
    on_fiber([&] {
        EXPECT_EQ(a.coordinator->stop(1s).still_running, std::vector<std::string>{"hooks"});
    });
    scheduler.advance(60s);
}

TEST_F(CoordinatorStop, ASecondStopWaitsForTheFirst) {
    on_fiber([&] { a.coordinator->create_group("g").get(); });
    a.link.latency = 2s;
    const auto members = [&] { return a.coordinator->get_members("g"); };
    begin([&] { members(); });
    bool first_ended = false;
    begin([&] {
        EXPECT_TRUE(a.coordinator->stop(30s).still_running.empty());
        first_ended = true;
    });
    on_fiber([&] {
        EXPECT_THROW(members(), Cancelled);
        const TimePoint begun = now();
        a.coordinator->stop(100ms);
        EXPECT_EQ(now(), begun + 100ms) << "within its own limit";
        EXPECT_FALSE(first_ended);
        EXPECT_TRUE(a.coordinator->stop(30s).still_running.empty());
        EXPECT_TRUE(first_ended);
    });
}

TEST_F(CoordinatorStop, AResultIsWaitedForTenSecondsUnlessToldOtherwise) {
    on_fiber([&] {
        FakeLink link{gate.runtime(), backend, "c"};
        Coordinator patient(gate, std::make_unique<FakeDriver>(link), "c", {.operation = 60s});
        patient.start();
        link.every_fault = Fault::stuck;
        const TimePoint begun = now();
        EXPECT_THROW(patient.get_groups().get(), OperationTimedOut);
        EXPECT_EQ(now(), begun + 10s);
        patient.stop(1s);
    });
}

TEST_F(CoordinatorStop, AnUnknownWatchIsNamedWithItsGroup) {
    on_fiber([&] {
        try {
            a.coordinator->unwatch_join_group("g", WatchId{7});
            FAIL() << "expected WatchCallbackNotFound";
        } catch (const WatchCallbackNotFound& error) {
            EXPECT_EQ(error.group_id(), "g");
            EXPECT_EQ(error.watch(), 7u);
        }
    });
}

}  // namespace
}  // namespace conclave
