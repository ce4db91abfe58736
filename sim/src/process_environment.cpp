#include "process_environment.hpp"

#include "host_state.hpp"
#include "process_state.hpp"

namespace conclave::sim {

TimePoint SimClock::now() const noexcept {
    process_.count_call();
    return TimePoint(Duration(process_.clock.local(process_.kernel.now)));
}

WallTime SimWallClock::now() const noexcept {
    process_.count_call();
    return WallTime{process_.host.wall_now()};
}

Wake SimScheduler::park(Deadline deadline) {
    std::uint64_t ordinal;
    if (!process_.begin_call(ordinal)) return Wake::cancelled;
    const Wake wake = process_.park(deadline);
    process_.end_call(ordinal);
    return wake;
}

void SimScheduler::unpark(detail::Fiber& fiber) noexcept { wake(fiber, Wake::notified); }

void SimScheduler::start(detail::Fiber& fiber) { process_.adopt(fiber); }

detail::FiberCore& SimScheduler::core() noexcept { return process_.kernel.core; }

std::uint64_t SimRandom::next() noexcept {
    process_.count_call();
    return process_.random.next();
}

void SimObserver::event(const Event& event) noexcept {
    if (!process_.alive) return;
    Trace& trace = process_.kernel.trace;
    std::uint64_t hash = Trace::hash_bytes(event.component);
    hash = hash * 31 + Trace::hash_bytes(event.name);
    hash = hash * 31 + Trace::hash_bytes(event.detail);
    if (trace.kept()) {
        std::string text(event.component);
        text.append(" ").append(event.name).append(": ").append(event.detail);
        trace.add_text(hash, text);
    }
    process_.kernel.record(TraceKind::observed, process_.subject, hash,
                           static_cast<std::uint64_t>(event.severity));
    if (process_.observer) process_.observer->event(event);
}

}  // namespace conclave::sim
