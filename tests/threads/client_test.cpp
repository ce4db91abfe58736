// Many threads on one client: everything at once, a stop in the middle, calls out of callbacks.

#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>
#include <optional>

#include "threads.hpp"

namespace conclave {
namespace {

using ClientThreads = Threads;
constexpr int rounds = 8;

/// An application's own thread for callbacks.
class CallbackThread {
public:
    CallbackThread() : thread_([this] { run(); }) {}
    ~CallbackThread() {
        post(nullptr);
    }
    Executor executor() {
        return [this](std::function<void()> task) { post(std::move(task)); };
    }

private:
    void post(std::function<void()> task) {
        const std::lock_guard lock(mutex_);
        tasks_.push_back(std::move(task));
        filled_.notify_one();
    }
    std::function<void()> take() {
        std::unique_lock lock(mutex_);
        filled_.wait(lock, [this] { return !tasks_.empty(); });
        auto task = std::move(tasks_.front());
        tasks_.erase(tasks_.begin());
        return task;
    }
    void run() {
        while (const auto task = take()) task();
    }

    std::mutex mutex_;
    std::condition_variable filled_;
    std::vector<std::function<void()>> tasks_;
    std::jthread thread_;
};

TEST_F(ClientThreads, DoEverythingAtOnce) {
    Client me = client("me");
    at_once([&](int thread) {
        for (int round = 0; round < rounds; ++round) EXPECT_TRUE(use(me, thread));
    });
    EXPECT_TRUE(me.stop().still_running.empty());
}

TEST_F(ClientThreads, EachMayOwnACopyAndTheLastOneStops) {
    std::optional<Client> me = client("me");
    at_once([&, copy = *me](int thread) {
        Client own = copy;
        EXPECT_TRUE(use(own, thread));
    });
    me.reset();
    EXPECT_TRUE(client("me").group("g0").members().empty());
}

TEST_F(ClientThreads, LookAtOneValidityWhileItEnds) {
    Client me = client("me");
    std::optional<HeldLock> held = me.mutex("L").acquire();
    const Validity validity = held->validity();
    std::jthread ending([&] { held->release(); });
    at_once([&](int) {
        EXPECT_TRUE(validity.wait_lost(60s));
        EXPECT_FALSE(validity.valid());
        EXPECT_EQ(validity.safe_for(), 0s);
    });
}

TEST_F(ClientThreads, AStopInTheMiddleEndsAllOfThem) {
    Client me = client("me");
    end_all_by_a_stop(me);
    EXPECT_THROW(me.groups(), Error);
}

TEST_F(ClientThreads, SeveralMayStop) {
    Client me = client("me");
    at_once([&](int) { EXPECT_TRUE(me.stop().still_running.empty()); });
}

TEST_F(ClientThreads, NoCallbackStartsAfterTheStopReturned) {
    for (int round = 0; round < rounds; ++round) {
        CallbackThread callbacks;
        Client me = client("me");
        me.group("g").join().leave();
        Progress events;
        std::atomic<bool> stopped = false;
        const GroupWatch watch =
            me.group("g").watch(callbacks.executor(), [&](const GroupEvent&) {
                EXPECT_FALSE(stopped);
                events.step();
            });
        std::jthread changes([&] {
            try {
                for (;;) me.group("g").join().leave();
            } catch (const Error&) {
                // the stop
            }
        });
        events.wait_for(3);
        me.stop();
        stopped = true;
    }
}

TEST_F(ClientThreads, ACallbackMayCallTheClient) {
    CallbackThread callbacks;
    Client me = client("me");
    me.group("g").create();
    Progress ended;
    const GroupWatch watch = me.group("g").watch(callbacks.executor(), [&](const GroupEvent&) {
        EXPECT_TRUE(use(me, 1));
        EXPECT_TRUE(me.group("g").members().empty());
        ended.step();
    });
    ended.wait_for(1);
}

TEST_F(ClientThreads, ACallbackMayStopItsClient) {
    CallbackThread callbacks;
    Client me = client("me");
    me.group("g").create();
    Progress ended;
    const GroupWatch watch = me.group("g").watch(callbacks.executor(), [&](const GroupEvent&) {
        EXPECT_TRUE(me.stop().still_running.empty()) << "it does not wait for itself";
        ended.step();
    });
    ended.wait_for(1);
}

TEST_F(ClientThreads, AStopTokensCallbackMayLookAndBegin) {
    Client me = client("me");
    HeldLock held = me.mutex("L").acquire();
    Progress calls;
    const std::stop_callback lost(held.stop_token(), [&, validity = held.validity()] {
        EXPECT_FALSE(validity.valid());
        EXPECT_TRUE(me.groups().empty());
        calls.step();
    });
    held.release();
    calls.wait_for(1);
}

TEST_F(ClientThreads, AStopTokensCallbackMayStopItsClient) {
    Client me = client("me");
    HeldLock held = me.mutex("L").acquire();
    Progress stopped;
    const std::stop_callback lost(held.stop_token(), [&] {
        EXPECT_TRUE(me.stop().still_running.empty());
        stopped.step();
    });
    held.release();
    stopped.wait_for(1);
    EXPECT_THROW(me.groups(), Error);
}

TEST_F(ClientThreads, TheHolderOfALockWhoseFileIsGoneIsTold) {
    Client me = connect(url, {.member_id = MemberId("me"), .ttl = 1s, .times = times});
    const HeldLock held = me.mutex("L").acquire();
    ASSERT_TRUE(std::filesystem::remove(folder.path() + "/L"));
    EXPECT_TRUE(held.validity().wait_lost(60s));
}

TEST_F(ClientThreads, NoCallbackBeginsAfterItsWatchHasEnded) {
    Client me = client("me");
    me.group("g").create();
    std::promise<std::function<void()>> handed;
    int calls = 0;
    std::optional<GroupWatch> watch = me.group("g").watch(
        [&](std::function<void()> task) { handed.set_value(std::move(task)); },
        [&](const GroupEvent&) { ++calls; });
    const auto task = handed.get_future().get();
    // Nothing that is posted to the runtime happens meanwhile.
    HeldLock held = me.mutex("L").acquire();
    std::promise<void> blocked;
    std::promise<void> go_on;
    const std::stop_callback busy(held.stop_token(), [&] {
        blocked.set_value();
        go_on.get_future().wait();
    });
    std::jthread releasing([&] { held.release(); });
    blocked.get_future().wait();
    watch.reset();
    task();
    EXPECT_EQ(calls, 0);
    go_on.set_value();
}

TEST_F(ClientThreads, AWatchThatEndsWaitsForItsCallback) {
    CallbackThread callbacks;
    Client me = client("me");
    me.group("g").create();
    Progress begun;
    Progress go_on;
    std::atomic<bool> ended = false;
    std::optional<GroupWatch> watch =
        me.group("g").watch(callbacks.executor(), [&](const GroupEvent&) {
            begun.step();
            go_on.wait_for(1);
            ended = true;
        });
    begun.wait_for(1);
    std::jthread ending([&] {
        watch.reset();
        EXPECT_TRUE(ended);
    });
    go_on.step();
}

TEST_F(ClientThreads, ACallbackMayEndItsWatch) {
    CallbackThread callbacks;
    Client me = client("me");
    me.group("g").create();
    std::optional<GroupWatch> watch;
    Progress made;
    Progress ended;
    watch = me.group("g").watch(callbacks.executor(), [&](const GroupEvent&) {
        made.wait_for(1);
        watch.reset();
        ended.step();
    });
    made.step();
    ended.wait_for(1);
}

}  // namespace
}  // namespace conclave
