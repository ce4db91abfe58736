// The cost of a fiber: one yield through the scheduler's loop and back (two jumps), and spawning a
// fiber that runs and ends. The peer, boost::context::fiber, makes the same two jumps in the same,
// interleaved run; unlike ours it keeps no exception state apart, and it has no scheduler.

#include <boost/context/fiber.hpp>
#include <boost/context/pooled_fixedsize_stack.hpp>
#include <chrono>
#include <iostream>

#include "conclave/bench/figure.hpp"
#include "conclave/fiber.hpp"
#include "conclave/scheduler.hpp"

namespace {

using conclave::Deadline;
using conclave::TaskGroup;
using conclave::Wake;
using conclave::detail::Fiber;
using conclave::detail::FiberCore;

constexpr int rounds = 11;
constexpr int yields = 4'000'000;
constexpr int spawns = 2'000'000;

/// A ready queue and nothing else: what every scheduler at least does.
class QueueScheduler final : public conclave::Scheduler {
public:
    Wake park(Deadline) override {
        core_.suspend();
        return Wake::notified;
    }
    void unpark(Fiber& fiber) noexcept override { push(fiber); }
    void start(Fiber& fiber) override { push(fiber); }
    FiberCore& core() noexcept override { return core_; }

    void yield() {
        push(*core_.current());
        core_.suspend();
    }
    void run() {
        while (Fiber* const fiber = first_) {
            first_ = fiber->queue_next;
            core_.resume(*fiber);
        }
    }

private:
    void push(Fiber& fiber) noexcept {
        fiber.queue_next = nullptr;
        (first_ ? last_->queue_next : first_) = &fiber;
        last_ = &fiber;
    }

    FiberCore core_;
    Fiber* first_ = nullptr;
    Fiber* last_ = nullptr;
};

template <class Work>
double nanoseconds_each(int count, Work work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
    return spent.count() / count;
}

double yield_among(int fibers) {
    QueueScheduler scheduler;
    TaskGroup group(scheduler);
    const int each = yields / fibers;
    for (int i = 0; i < fibers; ++i)
        group.spawn([&scheduler, each] {
            for (int turn = 0; turn < each; ++turn) scheduler.yield();
        });
    return nanoseconds_each(each * fibers, [&] { scheduler.run(); });
}

double spawn_and_finish() {
    QueueScheduler scheduler;
    TaskGroup group(scheduler);
    long ended = 0;
    return nanoseconds_each(spawns, [&] {
        for (int i = 0; i < spawns; ++i) {
            group.spawn([&ended] { ++ended; });
            scheduler.run();
        }
    });
}

double boost_resume() {
    boost::context::fiber other([](boost::context::fiber&& main) {
        for (;;) main = std::move(main).resume();
        return std::move(main);
    });
    return nanoseconds_each(yields, [&] {
        for (int turn = 0; turn < yields; ++turn) other = std::move(other).resume();
    });
}

double boost_spawn_and_finish() {
    boost::context::pooled_fixedsize_stack stacks(64 * 1024);
    long ended = 0;
    return nanoseconds_each(spawns, [&] {
        for (int i = 0; i < spawns; ++i) {
            boost::context::fiber fiber(std::allocator_arg, stacks,
                                        [&ended](boost::context::fiber&& main) {
                                            ++ended;
                                            return std::move(main);
                                        });
            std::move(fiber).resume();
        }
    });
}

}  // namespace

int main() {
    const std::vector<double> medians = conclave::bench::interleave(
        rounds, {[] { return yield_among(10); }, [] { return yield_among(1000); }, boost_resume,
                 spawn_and_finish, boost_spawn_and_finish});
    std::cout << conclave::bench::Figure{.name = "fiber_switch",
                                         .median = medians[0],
                                         .unit = "ns",
                                         .target = "<=15",
                                         .ratio = medians[0] / medians[2],
                                         .peer = "boost_context_resume"}
              << conclave::bench::Figure{.name = "fiber_switch_among_1000",
                                         .median = medians[1],
                                         .unit = "ns",
                                         .ratio = medians[1] / medians[2],
                                         .peer = "boost_context_resume"}
              << conclave::bench::Figure{.name = "fiber_spawn_finish",
                                         .median = medians[3],
                                         .unit = "ns",
                                         .target = "<=30",
                                         .ratio = medians[3] / medians[4],
                                         .peer = "boost_context_pooled"};
}
