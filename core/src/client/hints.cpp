#include "hints.hpp"

#include <algorithm>

#include "conclave/jitter.hpp"

namespace conclave::detail {

namespace {
// How much longer a waiter that is told of changes waits before it looks all the same.
constexpr int polls_per_look = 10;
// Following begins with a hint, which rarely finds anything, and one more may go wrong.
constexpr int hints_at_once = 2;
// Of those in vain before one in so many looks at once all the same: else a holder that takes its lock
// again as soon as it is free would be the only one ever to find it so.
constexpr std::uint64_t at_once_in = 4;
// Over so long, or over the poll interval when that is shorter, the others are spread.
constexpr Duration spread_max = std::chrono::milliseconds(100);

Duration longer(Duration poll) {
    return poll < Duration::max() / polls_per_look ? poll * polls_per_look : poll;
}
}  // namespace

Hints::Hints(ClientCore& core, Changes& changes, Changes::Kind kind, const std::string& name)
    : core_(core), waiters_(core.runtime().scheduler) {
    interest_ = changes.follow(kind, name, [this] {
        changed_ = true;
        waiters_.notify_all();
    });
    core_.add_hints(*this);
}

Hints::~Hints() { core_.remove_hints(*this); }

Deadline Hints::next_look(Deadline deadline) {
    Runtime& runtime = core_.runtime();
    const Duration poll = core_.times().poll;
    if (!interest_->told()) return runtime.after(jittered(runtime.random, poll));
    const Deadline next = runtime.after(jittered(runtime.random, longer(poll)));
    if (next < deadline) return next;
    // What ends by itself, as a lease does, is not hinted.
    const Duration before_end = jittered(runtime.random, poll);
    const TimePoint now = runtime.clock.now();
    return deadline.at() - now > before_end ? Deadline(deadline.at() - before_end) : deadline;
}

Wake Hints::wait(Deadline next, Interrupt* interrupt) {
    const Interrupt::Waking waking(interrupt, [this] { waiters_.notify_all(); });
    const Wake wake = wait_for_hint(next, interrupt);
    if (wake == Wake::timed_out) hints_in_row_ = 0;
    if (wake != Wake::notified || is_over(interrupt)) return wake;
    if (++hints_in_row_ > hints_at_once && core_.runtime().random.next() % at_once_in != 0)
        spread(next, interrupt);
    changed_ = false;
    return wake;
}

Wake Hints::wait_for_hint(Deadline next, const Interrupt* interrupt) {
    while (!changed_ && !is_over(interrupt))
        if (const Wake wake = waiters_.wait(next); wake != Wake::notified) return wake;
    return Wake::notified;
}

bool Hints::is_over(const Interrupt* interrupt) const noexcept {
    return ended_ || (interrupt && interrupt->requested());
}

// Hints that come meanwhile are answered by the same look.
void Hints::spread(Deadline next, const Interrupt* interrupt) {
    Runtime& runtime = core_.runtime();
    const Duration longest = std::min(core_.times().poll, spread_max);
    const Duration drawn = jittered(runtime.random, 2 * longest) - longest;
    const Deadline end = std::min(next, runtime.after(drawn));
    while (!is_over(interrupt))
        if (waiters_.wait(end) != Wake::notified) return;
}

void Hints::end() noexcept {
    ended_ = true;
    waiters_.notify_all();
}

}  // namespace conclave::detail
