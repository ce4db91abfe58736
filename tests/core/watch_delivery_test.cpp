// Watches whose executor or callback fails: never a silent hole.

#include <deque>

#include "client_fixture.hpp"

namespace conclave {
namespace {

using namespace testing;
using Kind = GroupEvent::Kind;

struct WatchDelivery : ClientTest {
    std::deque<std::function<void()>> tasks;
    std::vector<Kind> seen;
    std::optional<GroupWatch> watch;

    void SetUp() override {
        ClientTest::SetUp();
        on_fiber([&] { a->group("g").create(); });
    }
    void begin_watch(const Executor& executor, std::function<void(const GroupEvent&)> callback) {
        on_fiber([&] { watch.emplace(a->group("g").watch(executor, std::move(callback))); });
    }
    Executor queue() {
        return [this](std::function<void()> task) { tasks.push_back(std::move(task)); };
    }
    std::function<void(const GroupEvent&)> note() {
        return [this](const GroupEvent& event) { seen.push_back(event.kind); };
    }
    void run_tasks() {
        scheduler.advance(1s);
        while (!tasks.empty()) {
            tasks.front()();
            tasks.pop_front();
            scheduler.advance(1s);
        }
    }
    std::ptrdiff_t told(const std::string& name) const {
        return std::ranges::count(environment.events.names, name);
    }
    void TearDown() override {
        on_fiber([&] { watch.reset(); });
        tasks.clear();
        ClientTest::TearDown();
    }
};

TEST_F(WatchDelivery, ATaskThatIsDroppedLeavesAGapThatIsTold) {
    begin_watch(queue(), note());
    scheduler.advance(1s);
    ASSERT_EQ(tasks.size(), 1u);
    tasks.clear();
    run_tasks();
    EXPECT_EQ(seen, std::vector<Kind>{Kind::resynced});
    EXPECT_EQ(told("executor_failed"), 1);
}

TEST_F(WatchDelivery, AnExecutorThatOnlyDropsIsToldOfOnce) {
    begin_watch([](const std::function<void()>&) {}, note());
    scheduler.advance(10s);
    EXPECT_TRUE(seen.empty());
    EXPECT_EQ(told("executor_failed"), 1);
}

TEST_F(WatchDelivery, AnExecutorThatThrowsLeavesAGapThatIsTold) {
    bool broken = true;
    begin_watch(
        [&](std::function<void()> task) {
            if (std::exchange(broken, false)) throw std::runtime_error("no room");
            tasks.push_back(std::move(task));
        },
        note());
    run_tasks();
    EXPECT_EQ(seen, std::vector<Kind>{Kind::resynced});
    EXPECT_EQ(told("executor_failed"), 1);
}

TEST_F(WatchDelivery, ACallbackThatThrowsIsToldOfAndTheNextEventComes) {
    begin_watch(queue(), [&](const GroupEvent& event) {
        seen.push_back(event.kind);
        if (event.kind == Kind::snapshot) throw std::runtime_error("callback");
        throw 7;
    });
    run_tasks();
    backend.groups["g"].emplace("x", Value());
    run_tasks();
    EXPECT_EQ(seen, (std::vector<Kind>{Kind::snapshot, Kind::joined}));
    EXPECT_EQ(told("watch_callback_threw"), 2);
}

TEST_F(WatchDelivery, ATaskThatRunsTwiceIsOneCall) {
    begin_watch(queue(), note());
    scheduler.advance(1s);
    ASSERT_EQ(tasks.size(), 1u);
    tasks.front()();
    tasks.front()();
    EXPECT_EQ(seen, std::vector<Kind>{Kind::snapshot});
}

TEST_F(WatchDelivery, AReaderThatFellFarBehindIsResynced) {
    on_fiber([&] { watch.emplace(a->group("g").watch()); });
    for (int i = 0; i < 1000; ++i) backend.groups["g"].emplace(std::to_string(i), Value());
    scheduler.advance(1s);
    on_fiber([&] {
        const auto event = watch->next(0s);
        ASSERT_TRUE(event);
        EXPECT_EQ(event->kind, Kind::resynced);
        EXPECT_EQ(event->members.size(), 1000u);
        EXPECT_FALSE(watch->next(0s));
    });
}

}  // namespace
}  // namespace conclave
