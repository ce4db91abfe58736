// Stopping in the middle of things, and out of callbacks: it neither hangs nor crashes, and is the end.

#include <deque>
#include <stop_token>

#include "client_fixture.hpp"

namespace conclave {
namespace {

using namespace testing;

struct StoppingTest : ClientTest {
    std::optional<HeldLock> held;
    std::optional<StopReport> report;

    void take() {
        on_fiber([&] { held = a->mutex("L").acquire_for(0s); });
        ASSERT_TRUE(held);
    }
    auto stop_when_told(Duration limit = 5s) {
        return [this, limit] { report = a->stop(limit); };
    }
    void expect_nothing_left() {
        scheduler.advance(10s);
        ASSERT_TRUE(report);
        EXPECT_TRUE(report->still_running.empty());
        on_fiber([&] { EXPECT_THROW(a->groups(), Error); });
    }
    void TearDown() override {
        on_fiber([&] { held.reset(); });
        ClientTest::TearDown();
    }
};

TEST_F(StoppingTest, OutOfTheCallbackOfAReleasedLock) {
    take();
    const std::stop_callback told(held->stop_token(), stop_when_told());
    on_fiber([&] { held.reset(); });
    expect_nothing_left();
}

TEST_F(StoppingTest, OutOfTheCallbackOfALockThatLapsed) {
    take();
    const std::stop_callback told(held->stop_token(), stop_when_told());
    a_link.every_fault = Fault::unreachable;
    scheduler.advance(fake_ttl);
    on_fiber([&] { held.reset(); });
    expect_nothing_left();
}

TEST_F(StoppingTest, OutOfTheCallbackOfALockThatItsRenewalFoundLost) {
    take();
    const std::stop_callback told(held->stop_token(), stop_when_told());
    on_fiber([&] { b->mutex("L").break_lock(); });
    scheduler.advance(fake_ttl);
    on_fiber([&] { held.reset(); });
    expect_nothing_left();
}

TEST_F(StoppingTest, OutOfTheCallbackOfAMembershipThatLapsed) {
    std::optional<Membership> mine;
    on_fiber([&] { mine.emplace(a->group("g").join()); });
    const std::stop_callback told(mine->stop_token(), stop_when_told());
    a_link.every_fault = Fault::unreachable;
    scheduler.advance(fake_ttl);
    expect_nothing_left();
    on_fiber([&] { mine.reset(); });
}

TEST_F(StoppingTest, OutOfAWatchCallbackThatRunsAtOnce) {
    on_fiber([&] { a->group("g").create(); });
    std::optional<GroupWatch> watch;
    on_fiber([&] {
        watch.emplace(a->group("g").watch([](const std::function<void()>& task) { task(); },
                                          [&](const GroupEvent&) { report = a->stop(5s); }));
    });
    expect_nothing_left();
    on_fiber([&] { watch.reset(); });
}

TEST_F(StoppingTest, ACallbackThatWaitsDelaysNoBeat) {
    take();
    const std::stop_callback told(held->stop_token(), [&] { sleep_for(environment.runtime, 60s); });
    std::optional<Membership> mine;
    on_fiber([&] {
        mine.emplace(a->group("g").join());
        b->mutex("L").break_lock();
    });
    scheduler.advance(10 * fake_ttl);
    EXPECT_FALSE(held->valid());
    EXPECT_TRUE(mine->valid());
    scheduler.advance(60s);
    on_fiber([&] { mine.reset(); });
}

TEST_F(StoppingTest, ACallbackThatDoesNotEndIsReported) {
    take();
    const std::stop_callback told(held->stop_token(), [&] { sleep_for(environment.runtime, 60s); });
    on_fiber([&] { held.reset(); });
    on_fiber([&] {
        const TimePoint begun = scheduler.now();
        EXPECT_EQ(a->stop(1s).still_running, std::vector<std::string>{"L"});
        EXPECT_EQ(scheduler.now(), begun + 1s);
    });
    scheduler.advance(60s);
    on_fiber([&] { EXPECT_TRUE(a->stop().still_running.empty()); });
}

TEST_F(StoppingTest, WithoutTimeEverybodyIsToldBeforeItReturns) {
    take();
    bool told = false;
    const std::stop_callback callback(held->stop_token(), [&] { told = true; });
    on_fiber([&] {
        a->stop(0s);
        EXPECT_TRUE(told);
    });
}

TEST_F(StoppingTest, ASecondStopWaitsForTheFirst) {
    take();
    bool first_ended = false;
    begin([&] {
        a->stop(5s);
        first_ended = true;
    });
    ASSERT_FALSE(first_ended) << "the lock is held";
    on_fiber([&] {
        const TimePoint begun = scheduler.now();
        EXPECT_EQ(a->stop(1s).still_running, std::vector<std::string>{"L"});
        EXPECT_EQ(scheduler.now(), begun + 1s) << "within its own limit";
        EXPECT_FALSE(first_ended);
    });
    begin([&] { held.reset(); });
    on_fiber([&] {
        EXPECT_TRUE(a->stop(1s).still_running.empty());
        EXPECT_TRUE(first_ended);
    });
}

TEST_F(StoppingTest, ACallThatWaitsForTheBackendEndsWithIt) {
    on_fiber([&] { a->group("g").create(); });
    a_link.every_fault = Fault::stuck;
    std::optional<ErrorCode> failure;
    begin([&] {
        failure = a->group("g").try_members().failure().code;
        sleep_for(environment.runtime, 100ms);  // its fiber goes on
        failure = ErrorCode::other;
    });
    on_fiber([&] { a->stop(1s); });
    EXPECT_EQ(failure, ErrorCode::cancelled);
    scheduler.advance(100ms);
    EXPECT_EQ(failure, ErrorCode::other);
}

TEST_F(StoppingTest, ALockThatIsGrantedMeanwhileIsGivenBack) {
    a_link.latency = 500ms;
    begin([&] { EXPECT_THROW(a->mutex("L").acquire(), Cancelled); });
    on_fiber([&] { EXPECT_TRUE(a->stop(5s).still_running.empty()); });
    EXPECT_EQ(backend.locks.count("L"), 0u);
}

TEST_F(StoppingTest, AHeartThatIsSlowIsToldOf) {
    a_link.latency = fake_ttl / 2;
    scheduler.advance(2 * fake_ttl);
    EXPECT_EQ(std::ranges::count(environment.events.names, "beat_outlasted_its_interval") > 0, true);
}

TEST_F(StoppingTest, AHoldThatDoesNotLapseIsRenewedTooAndFoundGone) {
    a_link.forever = true;
    take();
    EXPECT_EQ(held->safe_for(), Duration::max());
    scheduler.advance(3 * fake_ttl);
    EXPECT_TRUE(held->valid());
    on_fiber([&] { b->mutex("L").break_lock(); });
    scheduler.advance(fake_ttl);
    EXPECT_FALSE(held->valid());
    EXPECT_TRUE(held->stop_token().stop_requested());
}

}  // namespace
}  // namespace conclave
