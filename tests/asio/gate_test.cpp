// The gate: how other threads get onto the fibers of a runtime.

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

#include "conclave/asio_runtime.hpp"
#include "conclave/error.hpp"
#include "conclave/fiber.hpp"
#include "conclave/sync.hpp"

namespace conclave {
namespace {

TEST(AsioGate, RunsTasksOfManyThreadsOneAtATime) {
    constexpr int threads = 8;
    constexpr int calls = 200;
    AsioRuntime runtime;
    int count = 0;  // no atomic: only fibers of the one thread touch it
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < threads; ++i)
            callers.emplace_back([&] {
                for (int call = 0; call < calls; ++call) runtime.gate().call([&] { ++count; });
            });
    }
    EXPECT_EQ(count, threads * calls);
}

TEST(AsioGate, TasksThatParkDoNotHoldUpOthers) {
    AsioRuntime runtime;
    Latch opened(runtime.runtime().scheduler);
    std::promise<void> waiting;
    std::jthread first([&] {
        runtime.gate().call([&] {
            waiting.set_value();
            EXPECT_EQ(opened.wait(Deadline::never()), Wake::notified);
        });
    });
    waiting.get_future().get();
    runtime.gate().call([&] { opened.set(); });
}

TEST(AsioGate, ExceptionsReachTheCaller) {
    AsioRuntime runtime;
    EXPECT_THROW(runtime.gate().call([] { throw BadOption("no"); }), BadOption);
    bool ran = false;
    runtime.gate().call([&] { ran = true; });
    EXPECT_TRUE(ran);
}

TEST(AsioGate, RunsInlineOnAFiberOfItsRuntime) {
    AsioRuntime runtime;
    runtime.gate().call([&] {
        const detail::Fiber* const outer = detail::running_fiber();
        runtime.gate().call([&] { EXPECT_EQ(detail::running_fiber(), outer); });
    });
}

// Waiting there for a fiber of the same thread would never end. Two runtimes on one thread are how
// code gets onto the thread but not onto a fiber of the outer one.
TEST(AsioGate, ACallOnItsThreadOutsideItsFibersIsALogicError) {
    AsioRuntime outer;
    bool ran = false;
    outer.gate().call([&] {
        run_on_this_thread([&](Runtime&) {
            EXPECT_THROW(outer.gate().call([&] { ran = true; }), std::logic_error);
        });
    });
    EXPECT_FALSE(ran);
    outer.gate().call([&] { ran = true; });
    EXPECT_TRUE(ran);
}

TEST(AsioGate, ALogicErrorOfATaskReachesItsCallerAndHarmsNobodyElse) {
    AsioRuntime runtime;
    EXPECT_THROW(runtime.gate().call([] { throw std::logic_error("wrong"); }), std::logic_error);
    runtime.gate().call([&] {
        EXPECT_THROW(runtime.gate().call([] { throw std::logic_error("wrong"); }),
                     std::logic_error);
    });
    EXPECT_THROW(run_on_this_thread([](Runtime&) { throw std::logic_error("wrong"); }),
                 std::logic_error);
    bool ran = false;
    runtime.gate().call([&] { ran = true; });
    EXPECT_TRUE(ran);
}

TEST(AsioGate, CancelsParkedTasksWhenTheRuntimeStops) {
    auto runtime = std::make_unique<AsioRuntime>();
    std::promise<void> waiting;
    std::promise<Wake> woken;
    std::jthread caller([&, &gate = runtime->gate()] {
        gate.call([&] {
            waiting.set_value();
            woken.set_value(gate.runtime().scheduler.park(Deadline::never()));
        });
    });
    waiting.get_future().get();
    std::future<Wake> outcome = woken.get_future();
    runtime.reset();
    EXPECT_EQ(outcome.get(), Wake::cancelled);
}

TEST(AsioGate, CallsFromOneRuntimesFiberIntoAnother) {
    AsioRuntime first;
    AsioRuntime second;
    bool ran = false;
    first.gate().call([&] { second.gate().call([&] { ran = true; }); });
    EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace conclave
