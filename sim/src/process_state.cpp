#include "process_state.hpp"

#include <algorithm>

#include "host_state.hpp"
#include "network/network_state.hpp"

namespace conclave::sim {

namespace {
enum class ProcessStep : std::uint64_t { start, crash, pause, resume };

void record(ProcessState& process, ProcessStep step) {
    process.kernel.record(TraceKind::process, process.subject,
                          static_cast<std::uint64_t>(process.incarnation),
                          static_cast<std::uint64_t>(step));
}
}  // namespace

ProcessState::ProcessState(HostState& owner, std::string process_name,
                           std::function<void(Process&)> main, const ProcessOptions& options)
    : kernel(owner.kernel),
      host(owner),
      name(std::move(process_name)),
      subject(kernel.add_subject("process " + name)),
      body(std::move(main)),
      observer(options.observer),
      clock(options.clock_offset, options.clock_rate_ppm),
      random(kernel.root.split("process").split(name)),
      resumption(kernel.root.split("resume").split(name)),
      file_times(kernel.root.split("files").split(name)) {}

void ProcessState::start() {
    restart_requested = false;
    ++incarnation;
    alive = true;
    stopped = false;
    running = !host.silent();
    record(*this, ProcessStep::start);
    tasks.emplace(scheduler);
    file_work.emplace(scheduler);
    tasks->spawn([this] { body(*self); });
}

void ProcessState::crash() {
    if (!alive) return;
    record(*this, ProcessStep::crash);
    alive = running = false;
    // One that kills its own process ends in its turn: fibers that it started end before it.
    for (detail::Fiber* fiber = newest; fiber; fiber = fiber->owner_next)
        fiber->killed = fiber != kernel.core.current();
    kernel.dead.push_back(this);
    if (!kernel.core.current()) kernel.bury_dead();
}

void ProcessState::restart() {
    crash();
    host.kernel.hosts[host.index]->power_on();
    const bool buried = std::find(kernel.dead.begin(), kernel.dead.end(), this) == kernel.dead.end();
    if (buried)
        start();
    else
        restart_requested = true;
}

void ProcessState::set_stopped_by_signal(bool stop) {
    if (stopped == stop || !alive) return;
    stopped = stop;
    record(*this, stop ? ProcessStep::pause : ProcessStep::resume);
    update_running();
}

void ProcessState::update_running() {
    const bool runs = alive && !stopped && !host.silent();
    if (running == runs) return;
    running = runs;
    if (runs) return go_on();
    kernel.ready.extract(scheduler, [this](detail::Fiber& fiber) {
        held.push_back({&fiber, fiber.wake == Wake::timed_out});
    });
}

/// Half of what waits runs now, the rest only when that has come to rest: so a server may answer
/// what was queued before it learns what it missed, or the other way round.
void ProcessState::go_on() {
    for (Socket* socket : closing) kernel.tcp.close(*socket);
    closing.clear();
    for (const FileHold& lock : unlocking) DiskState::unlock(*lock.node, lock.id);
    unlocking.clear();
    const bool overdue_first = resumption.chance(0.5);
    std::size_t kept = 0;
    for (const Held& waiting : held) {
        if (waiting.overdue == overdue_first)
            kernel.ready.push(*waiting.fiber);
        else
            held[kept++] = waiting;
    }
    held.resize(kept);
    if (!held.empty()) kernel.releasing.push_back(this);
}

void ProcessState::release_held() {
    if (!running) return;
    for (const Held& waiting : held) kernel.ready.push(*waiting.fiber);
    held.clear();
}

void ProcessState::adopt(detail::Fiber& fiber) {
    fiber.owner_next = newest;
    if (newest) newest->owner_previous = &fiber;
    newest = &fiber;
    fiber.state = detail::FiberState::ready;
    fiber.killed = !alive;
    if (alive) admit(fiber);
}

void ProcessState::forget(detail::Fiber& fiber) noexcept {
    if (fiber.timer != 0) kernel.events.cancel(static_cast<EventQueue::Handle>(fiber.timer));
    (fiber.owner_previous ? fiber.owner_previous->owner_next : newest) = fiber.owner_next;
    if (fiber.owner_next) fiber.owner_next->owner_previous = fiber.owner_previous;
}

Wake ProcessState::park(Deadline deadline) {
    detail::Fiber& fiber = *kernel.core.current();
    if (fiber.cancelled) return Wake::cancelled;
    if (fiber.permit) {
        fiber.permit = false;
        return Wake::notified;
    }
    if (!deadline.is_never()) {
        const std::int64_t local = deadline.at().time_since_epoch().count();
        const std::int64_t at = std::max(clock.world(local), kernel.now);
        fiber.timer = kernel.events.push(at, EventKind::deadline, &fiber,
                                         static_cast<std::uint64_t>(local));
    }
    fiber.state = detail::FiberState::parked;
    // A cancellation may have come after the fiber was woken.
    if (kernel.core.suspend()) return fiber.cancelled ? Wake::cancelled : fiber.wake;
    // Refused: an exception unwinds this fiber.
    fiber.state = detail::FiberState::running;
    if (fiber.timer != 0) kernel.events.cancel(static_cast<EventQueue::Handle>(fiber.timer));
    fiber.timer = 0;
    return Wake::cancelled;
}

void ProcessState::reschedule_deadlines() {
    for (detail::Fiber* fiber = newest; fiber; fiber = fiber->owner_next) {
        if (fiber->timer == 0) continue;
        const auto handle = static_cast<EventQueue::Handle>(fiber->timer);
        const std::uint64_t local = kernel.events.argument(handle);
        kernel.events.cancel(handle);
        const std::int64_t at = clock.world(static_cast<std::int64_t>(local));
        fiber->timer =
            kernel.events.push(std::max(at, kernel.now), EventKind::deadline, fiber, local);
    }
}

bool ProcessState::stand_still() {
    detail::Fiber* const fiber = kernel.core.current();
    while (fiber && !fiber->killed && alive && !running) {
        held.push_back({fiber, false});
        fiber->state = detail::FiberState::ready;
        if (!kernel.core.suspend()) {
            // Refused: an exception unwinds this fiber, which cannot stop now; or it is dying.
            if (!fiber->killed) held.pop_back();
            fiber->state = detail::FiberState::running;
            return alive;
        }
    }
    if (fiber && !alive) kernel.core.suspend();  // throws in the end, unless unwinding
    return alive;
}

void ProcessState::add_hook(std::uint64_t at, CallPoint point, std::function<void()> action) {
    hooks.push_back({at, point, std::move(action)});
    find_next_hooks();
}

void ProcessState::run_hooks(std::uint64_t at, CallPoint point) {
    const auto due = [&](const CallHook& hook) {
        return (hook.ordinal == at && hook.point == point) ||
               (hook.postponed && point == CallPoint::before);
    };
    std::vector<CallHook> fired;
    std::copy_if(hooks.begin(), hooks.end(), std::back_inserter(fired), due);
    hooks.erase(std::remove_if(hooks.begin(), hooks.end(), due), hooks.end());
    find_next_hooks();
    for (const CallHook& hook : fired) hook.action();
}

void ProcessState::postpone_hooks(std::uint64_t at) {
    for (CallHook& hook : hooks) hook.postponed = hook.postponed || hook.ordinal == at;
    find_next_hooks();
}

void ProcessState::end_hooked_call(std::uint64_t at) {
    run_hooks(at, CallPoint::after);
    if (!running) stand_still();
}

void ProcessState::find_next_hooks() {
    next_before = 0;
    hooked_after = false;
    for (const CallHook& hook : hooks) {
        if (hook.postponed)
            next_before = calls + 1;
        else if (hook.point == CallPoint::after)
            hooked_after = true;
        else if (hook.ordinal > calls && (next_before == 0 || hook.ordinal < next_before))
            next_before = hook.ordinal;
    }
}

void ProcessState::unlock(const NodeRef& node, std::uint64_t id) noexcept {
    if (running) return DiskState::unlock(*node, id);
    if (alive) unlocking.push_back({node, id});
}

void ProcessState::close(Socket& socket) noexcept {
    if (running) return kernel.tcp.close(socket);
    if (alive) closing.push_back(&socket);
}

}  // namespace conclave::sim
