// Names that take long: few threads, deadlines that hold all the same, and late answers.

#include "resolver.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <semaphore>
#include <string>
#include <vector>

#include "conclave/asio_runtime.hpp"
#include "conclave/sync.hpp"

namespace conclave::detail {
namespace {

using namespace std::chrono_literals;

/// A resolver whose look-ups hang until they are let go.
class SlowResolver : public testing::Test {
protected:
    static constexpr int threads_max = static_cast<int>(Resolver::threads_max);

    /// Every look-up that began has been answered: no thread comes back to a runtime that is gone.
    ~SlowResolver() override {
        for (int look_up = 0; look_up < begun_; ++look_up) posted_->acquire();
        on_fiber([&] { resolver_.reset(); });
    }

    std::unique_ptr<Resolver> make_resolver() {
        auto post = [&gate = runtime_.gate(), posted = posted_](std::function<void()> task) {
            gate.call(task);
            posted->release();
        };
        return std::make_unique<Resolver>(
            environment().scheduler, std::move(post),
            [this](const std::string& name) { return look_up(name); });
    }

    void on_fiber(const std::function<void()>& body) { runtime_.gate().call(body); }

    /// Resolves that many names at once, on fibers of their own; `act` runs on an
    /// ordinary thread meanwhile.
    std::vector<IoStatus> resolve_all(std::size_t names, const std::function<void()>& act) {
        std::vector<IoStatus> statuses(names, IoStatus::failed);
        std::future<void> actor = std::async(std::launch::async, act);
        on_fiber([&] {
            TaskGroup group(environment().scheduler);
            for (std::size_t name = 0; name < names; ++name)
                group.spawn([&, name] {
                    statuses[name] = resolve("name-" + std::to_string(name), Deadline::never());
                });
            group.join();
        });
        actor.get();
        return statuses;
    }

    IoStatus resolve(const std::string& name, Deadline deadline) {
        return resolver_->resolve(name, deadline).status;
    }

    /// Resolves a name whose look-up has begun for certain when the deadline passes: until then the
    /// runtime's thread stands still.
    IoStatus resolve_hanging(const std::string& name) {
        IoStatus status = IoStatus::failed;
        TaskGroup group(environment().scheduler);
        group.spawn([&] { status = resolve(name, environment().after(1ms)); });
        group.spawn([&] { entered_.acquire(); });
        group.join();
        return status;
    }

    Resolved look_up(const std::string& name) {
        const int running = ++running_;
        int most = most_.load();
        while (most < running && !most_.compare_exchange_weak(most, running)) {
        }
        ++begun_;
        entered_.release();
        let_go_.acquire();
        --running_;
        return {IoStatus::ok, {name}};
    }
    void await_full() {
        for (int thread = 0; thread < threads_max; ++thread) entered_.acquire();
    }

    Runtime& environment() { return runtime_.runtime(); }

    std::atomic<int> running_ = 0;
    std::atomic<int> most_ = 0;
    std::atomic<int> begun_ = 0;
    std::counting_semaphore<> entered_{0};
    std::counting_semaphore<> let_go_{0};
    /// Shared by the threads, which may still be on their way out of it.
    const std::shared_ptr<std::counting_semaphore<>> posted_ =
        std::make_shared<std::counting_semaphore<>>(0);
    AsioRuntime runtime_;
    std::unique_ptr<Resolver> resolver_ = make_resolver();
};

TEST_F(SlowResolver, LooksUpFewNamesAtOnceAndEveryOneInTheEnd) {
    constexpr int names = 5 * threads_max;
    const std::vector<IoStatus> statuses = resolve_all(names, [&] {
        await_full();
        EXPECT_EQ(begun_, threads_max);
        let_go_.release(names);
    });
    EXPECT_EQ(std::count(statuses.begin(), statuses.end(), IoStatus::ok), names);
    EXPECT_EQ(most_, threads_max);
    EXPECT_EQ(begun_, names);
}

TEST_F(SlowResolver, ANameThatWaitsForItsTurnTimesOutAndIsNotLookedUp) {
    resolve_all(threads_max, [&] {
        await_full();
        on_fiber([&] {
            const Deadline deadline = environment().after(10ms);
            EXPECT_EQ(resolve("late", deadline), IoStatus::timed_out);
            EXPECT_TRUE(deadline.passed(environment().clock.now()));
        });
        let_go_.release(threads_max);
    });
    EXPECT_EQ(begun_, threads_max);
}

TEST_F(SlowResolver, ANameThatWaitsForItsTurnIsCancelled) {
    resolve_all(threads_max, [&] {
        await_full();
        on_fiber([&] {
            TaskGroup group(environment().scheduler);
            group.spawn(
                [&] { EXPECT_EQ(resolve("late", Deadline::never()), IoStatus::cancelled); });
            group.cancel();
            group.join();
        });
        let_go_.release(threads_max);
    });
    EXPECT_EQ(begun_, threads_max);
}

TEST_F(SlowResolver, ALookUpThatHangsEndsAtTheDeadlineAndItsAnswerIsDropped) {
    on_fiber([&] {
        EXPECT_EQ(resolve_hanging("slow"), IoStatus::timed_out);
        let_go_.release(2);
        EXPECT_EQ(resolve("quick", environment().after(10s)), IoStatus::ok);
    });
    EXPECT_EQ(begun_, 2);
}

TEST_F(SlowResolver, ANumericAddressWaitsForNobody) {
    resolve_all(threads_max, [&] {
        await_full();
        on_fiber([&] {
            const Deadline past(environment().clock.now());
            EXPECT_EQ(resolve("127.0.0.1", past), IoStatus::ok);
            EXPECT_EQ(resolve("::1", past), IoStatus::ok);
        });
        let_go_.release(threads_max);
    });
}

TEST_F(SlowResolver, AnAnswerAfterItsResolverIsGoneIsHeardByNobody) {
    on_fiber([&] {
        EXPECT_EQ(resolve_hanging("slow"), IoStatus::timed_out);
        resolver_.reset();
    });
    let_go_.release();
    posted_->acquire();
    posted_->release();
    EXPECT_EQ(begun_, 1);
}

}  // namespace
}  // namespace conclave::detail
