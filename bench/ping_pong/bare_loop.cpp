#include "bare_loop.hpp"

#include <ctime>
#include <queue>
#include <vector>

#include "conclave/fiber.hpp"
#include "conclave/sim/trace.hpp"

namespace conclave::bench {

namespace {

class BareLoop final : public Scheduler {
public:
    Wake park(Deadline) override {
        core_.suspend();
        return Wake::notified;
    }
    void unpark(detail::Fiber& fiber) noexcept override { wake_at(now_, fiber); }
    void start(detail::Fiber& fiber) override { wake_at(now_, fiber); }
    detail::FiberCore& core() noexcept override { return core_; }

    void send(detail::Fiber& target) {
        draw_ = draw_ * 6364136223846793005 + 1442695040888963407;
        wake_at(now_ + 200'000 + static_cast<std::int64_t>(draw_ >> 44), target);
    }
    std::int64_t run() {
        while (!events_.empty()) {
            const Timed event = events_.top();
            events_.pop();
            now_ = event.time;
            trace_.record({now_, sim::TraceKind::delivery, {}, 0, event.sequence, 64});
            core_.resume(*event.fiber);
        }
        return static_cast<std::int64_t>(trace_.hash());
    }

private:
    struct Timed {
        std::int64_t time;
        std::uint64_t sequence;
        detail::Fiber* fiber;
        bool operator<(const Timed& other) const {
            return time != other.time ? time > other.time : sequence > other.sequence;
        }
    };
    void wake_at(std::int64_t time, detail::Fiber& fiber) {
        events_.push({time, sequence_++, &fiber});
    }

    detail::FiberCore core_;
    std::priority_queue<Timed> events_;
    sim::Trace trace_;
    std::int64_t now_ = 0;
    std::uint64_t sequence_ = 0;
    std::uint64_t draw_ = 1;
};

}  // namespace

double bare_loop_rate(int fibers, std::uint64_t messages) {
    BareLoop loop;
    TaskGroup group(loop);
    std::vector<detail::Fiber*> all(static_cast<std::size_t>(fibers));
    const std::uint64_t each = messages / static_cast<std::uint64_t>(fibers);
    for (std::size_t index = 0; index < all.size(); ++index)
        group.spawn([&, index] {
            all[index] = detail::running_fiber();
            loop.park(Deadline::never());
            for (std::uint64_t turn = 0; turn < each; ++turn) {
                loop.send(*all[index ^ 1]);
                loop.park(Deadline::never());
            }
            if (index % 2 == 0) loop.send(*all[index ^ 1]);
        });
    loop.run();
    for (std::size_t index = 0; index < all.size(); index += 2) loop.send(*all[index]);
    const std::clock_t begin = std::clock();
    loop.run();
    const double spent = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    return static_cast<double>(each) * fibers / spent;
}

}  // namespace conclave::bench
