// Waiting: order, deadlines, and the races between a notification, a time-out and cancellation.

#include "conclave/sync.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "conclave/fiber.hpp"
#include "manual_scheduler.hpp"
#include "test_environment.hpp"

namespace conclave {
namespace {

using namespace std::chrono_literals;
using testing::ManualScheduler;

class Sync : public ::testing::Test {
protected:
    ManualScheduler scheduler;
    TaskGroup group{scheduler};

    Deadline after(Duration length) { return Deadline(scheduler.now() + length); }
    void TearDown() override {
        group.cancel();
        scheduler.run();
    }
};

TEST_F(Sync, WaitListWakesInTheOrderOfArrival) {
    WaitList list(scheduler);
    std::string order;
    for (const char name : {'a', 'b', 'c'})
        group.spawn([&, name] {
            EXPECT_EQ(list.wait(Deadline::never()), Wake::notified);
            order += name;
        });
    scheduler.run();
    EXPECT_TRUE(list.notify_one());
    scheduler.run();
    EXPECT_EQ(order, "a");
    list.notify_all();
    scheduler.run();
    EXPECT_EQ(order, "abc");
    EXPECT_FALSE(list.notify_one());
}

TEST_F(Sync, WaitListTimesOutAndForgetsTheWaiter) {
    WaitList list(scheduler);
    Wake wake = Wake::notified;
    group.spawn([&] { wake = list.wait(after(5ms)); });
    scheduler.advance(4ms);
    EXPECT_FALSE(list.empty());
    scheduler.advance(1ms);
    EXPECT_EQ(wake, Wake::timed_out);
    EXPECT_TRUE(list.empty());
}

TEST_F(Sync, WaitListForgetsAWaiterInTheMiddle) {
    WaitList list(scheduler);
    std::string order;
    group.spawn([&] {
        list.wait(Deadline::never());
        order += 'a';
    });
    group.spawn([&] { EXPECT_EQ(list.wait(after(1ms)), Wake::timed_out); });
    group.spawn([&] {
        list.wait(Deadline::never());
        order += 'c';
    });
    scheduler.advance(1ms);
    list.notify_one();
    list.notify_one();
    scheduler.run();
    EXPECT_EQ(order, "ac");
}

// The time-out has made the waiter ready; before it runs, somebody notifies it.
TEST_F(Sync, ANotificationBeatsATimeOutOfTheSameInstant) {
    WaitList list(scheduler);
    Wake wake = Wake::cancelled;
    group.spawn([&] {
        scheduler.park(after(1ms));
        EXPECT_TRUE(list.notify_one());
    });
    group.spawn([&] { wake = list.wait(after(1ms)); });
    scheduler.advance(1ms);
    EXPECT_EQ(wake, Wake::notified);
    EXPECT_TRUE(list.empty());
}

TEST_F(Sync, ANotificationBeatsACancellationOfTheSameInstant) {
    WaitList list(scheduler);
    Wake wake = Wake::timed_out;
    group.spawn([&] { wake = list.wait(Deadline::never()); });
    scheduler.run();
    list.notify_one();
    group.cancel();
    scheduler.run();
    EXPECT_EQ(wake, Wake::notified);
}

TEST_F(Sync, AStalePermitDoesNotEndAWait) {
    WaitList list(scheduler);
    Wake wake = Wake::cancelled;
    group.spawn([&] {
        scheduler.unpark(*detail::running_fiber());
        wake = list.wait(after(3ms));
    });
    scheduler.advance(2ms);
    EXPECT_EQ(wake, Wake::cancelled) << "must still be waiting";
    scheduler.advance(1ms);
    EXPECT_EQ(wake, Wake::timed_out);
}

TEST_F(Sync, WaitListForgetsKilledWaiters) {
    WaitList list(scheduler);
    group.spawn([&] { list.wait(Deadline::never()); });
    scheduler.run();
    scheduler.kill_all();
    EXPECT_TRUE(list.empty());
}

TEST_F(Sync, SleepEndsAtItsDeadlineAndNotEarlier) {
    testing::TestEnvironment environment(scheduler);
    bool slept = false;
    group.spawn([&] {
        scheduler.unpark(*detail::running_fiber());
        slept = sleep_for(environment.runtime, 5ms);
    });
    scheduler.advance(4ms);
    EXPECT_FALSE(slept);
    scheduler.advance(1ms);
    EXPECT_TRUE(slept);
}

TEST_F(Sync, SleepSaysThatItWasCancelled) {
    testing::TestEnvironment environment(scheduler);
    bool slept = true;
    group.spawn([&] { slept = sleep_for(environment.runtime, 5ms); });
    scheduler.run();
    group.cancel();
    scheduler.run();
    EXPECT_FALSE(slept);
}

TEST_F(Sync, LatchLetsEverybodyThroughOnceSet) {
    Latch latch(scheduler);
    int through = 0;
    for (int i = 0; i < 2; ++i)
        group.spawn([&] {
            EXPECT_EQ(latch.wait(Deadline::never()), Wake::notified);
            ++through;
        });
    scheduler.run();
    EXPECT_EQ(through, 0);
    latch.set();
    scheduler.run();
    EXPECT_EQ(through, 2);
    group.spawn([&] { through += latch.wait(Deadline::never()) == Wake::notified ? 1 : 0; });
    scheduler.run();
    EXPECT_EQ(through, 3);
    latch.reset();
    group.spawn([&] { EXPECT_EQ(latch.wait(after(1ms)), Wake::timed_out); });
    scheduler.advance(1ms);
}

TEST_F(Sync, MutexPassesFromHandToHandInOrder) {
    FiberMutex mutex(scheduler);
    std::string order;
    for (const char name : {'a', 'b', 'c'})
        group.spawn([&, name] {
            ASSERT_EQ(mutex.lock(Deadline::never()), Wake::notified);
            FiberMutexGuard guard(mutex);
            scheduler.yield();
            order += name;
        });
    scheduler.run();
    EXPECT_EQ(order, "abc");
    EXPECT_FALSE(mutex.locked());
}

TEST_F(Sync, MutexCannotBeOvertakenByANewcomer) {
    FiberMutex mutex(scheduler);
    std::string order;
    group.spawn([&] {
        mutex.lock(Deadline::never());
        scheduler.yield();
        mutex.unlock();
        // Asks again at once, while the waiter has not run yet.
        mutex.lock(Deadline::never());
        order += '1';
        mutex.unlock();
    });
    group.spawn([&] {
        mutex.lock(Deadline::never());
        order += '2';
        mutex.unlock();
    });
    scheduler.run();
    EXPECT_EQ(order, "21");
}

TEST_F(Sync, MutexStaysWithItsHolderWhenAWaiterGivesUp) {
    FiberMutex mutex(scheduler);
    group.spawn([&] { mutex.lock(Deadline::never()); });
    group.spawn([&] { EXPECT_EQ(mutex.lock(after(1ms)), Wake::timed_out); });
    scheduler.advance(1ms);
    EXPECT_TRUE(mutex.locked());
    mutex.unlock();
    EXPECT_FALSE(mutex.locked());
}

TEST_F(Sync, ChannelDeliversInOrderAndHoldsBackTheWriter) {
    Channel<int> channel(scheduler, 2);
    int sent = 0;
    std::vector<int> received;
    group.spawn([&] {
        for (int i = 0; i < 5; ++i) {
            ASSERT_EQ(channel.send(i, Deadline::never()), Wake::notified);
            ++sent;
        }
        channel.close();
    });
    scheduler.run();
    EXPECT_EQ(sent, 2);
    group.spawn([&] {
        while (auto item = channel.receive(Deadline::never())) received.push_back(*item);
    });
    scheduler.run();
    EXPECT_EQ(received, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST_F(Sync, ChannelGivesUpAtTheDeadline) {
    Channel<int> channel(scheduler, 1);
    bool empty = false;
    Wake full = Wake::notified;
    group.spawn([&] {
        empty = !channel.receive(after(1ms)).has_value();
        channel.send(1, Deadline::never());
        full = channel.send(2, after(1ms));
    });
    scheduler.advance(2ms);
    EXPECT_TRUE(empty);
    EXPECT_EQ(full, Wake::timed_out);
}

TEST_F(Sync, ChannelCloseWakesBothSidesAndKeepsWhatWasSent) {
    Channel<int> channel(scheduler, 1);
    Wake late = Wake::notified;
    std::vector<int> drained;
    group.spawn([&] {
        channel.send(7, Deadline::never());
        late = channel.send(8, Deadline::never());
    });
    scheduler.run();
    channel.close();
    scheduler.run();
    EXPECT_EQ(late, Wake::cancelled);
    group.spawn([&] {
        while (auto item = channel.receive(Deadline::never())) drained.push_back(*item);
    });
    scheduler.run();
    EXPECT_EQ(drained, std::vector<int>{7});
}

}  // namespace
}  // namespace conclave
