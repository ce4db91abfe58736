#include "kernel.hpp"

#include <stdexcept>

#include "files/disk_state.hpp"
#include "host_state.hpp"
#include "network/network_state.hpp"
#include "process_state.hpp"

namespace conclave::sim {

namespace {
/// More than any program needs between two instants; endless yielding reaches it within seconds.
constexpr std::uint64_t steps_at_one_instant_max = 10'000'000;
}  // namespace

Kernel::Kernel(const WorldOptions& world_options)
    : options(world_options),
      root(world_options.seed),
      ready(root.split("scheduler"), world_options),
      trace(world_options.keep_trace),
      network(std::make_unique<NetworkState>(*this)),
      tcp(network.state()) {}

Kernel::~Kernel() {
    for (std::size_t index = processes.size(); index-- > 0;) processes[index]->crash();
    bury_dead();
}

bool Kernel::step(std::int64_t limit) {
    if (!events.empty() && events.next_time() <= now) {
        dispatch(events.pop());
    } else if (!ready.empty()) {
        run_chosen();
    } else if (!releasing.empty()) {
        releasing.back()->release_held();
        releasing.pop_back();
    } else {
        if (events.empty() || events.next_time() > limit) return false;
        now = events.next_time();
        time_passed_at_ = steps;
        ready.time_passes();
        dispatch(events.pop());
    }
    if (++steps - time_passed_at_ > steps_at_one_instant_max)
        throw std::runtime_error("time stands still at " + std::to_string(now) + " ns: " +
                                 std::to_string(steps_at_one_instant_max) +
                                 " steps, and there is always one more at this instant");
    if (!dead.empty()) [[unlikely]] bury_dead();
    return true;
}

void Kernel::run_chosen() {
    const std::size_t count = ready.size();
    detail::Fiber& fiber = ready.take();
    if (count > 1) record(TraceKind::choice, process_of(fiber).subject, fiber.id, count);
    run(fiber);
}

void Kernel::run(detail::Fiber& fiber) {
    if (core.resume(fiber)) process_of(fiber).forget(fiber);
}

void Kernel::dispatch(const EventQueue::Fired& event) {
    switch (event.kind) {
        case EventKind::deadline: {
            detail::Fiber& fiber = *static_cast<detail::Fiber*>(event.target);
            fiber.timer = 0;
            record(TraceKind::timer, process_of(fiber).subject, fiber.id, event.argument);
            return wake(fiber, Wake::timed_out);
        }
        case EventKind::delivery: return tcp.deliver(*static_cast<Flow*>(event.target));
        case EventKind::window_update: return tcp.update_window(*static_cast<Flow*>(event.target));
        case EventKind::handshake:
            return tcp.shake_hands(*static_cast<TcpConnection*>(event.target), event.argument);
        case EventKind::action: return run_action(event.argument);
    }
}

void Kernel::bury_dead() {
    // Unwinding fibers may kill further processes.
    for (std::size_t index = 0; index < dead.size(); ++index) bury(*dead[index]);
    dead.clear();
}

void Kernel::bury(ProcessState& process) {
    ready.extract(process.scheduler, [](detail::Fiber&) {});
    process.held.clear();
    process.closing.clear();
    process.unlocking.clear();
    process.files.forget();
    while (detail::Fiber* const fiber = process.newest) {
        fiber->killed = true;
        // A body that swallows Killed gets it again at its next park.
        while (process.newest == fiber) run(*fiber);
    }
    tcp.close_process(process);
    process.host.local_disk().drop_locks(process);
    for (const auto& share : shares) share->state().drop_locks(process);
    process.power_lost = false;
    if (process.restart_requested) process.start();
}

void Kernel::schedule_action(std::int64_t time, std::function<void()> action) {
    std::uint64_t index = actions_.size();
    if (free_actions_.empty()) {
        actions_.emplace_back();
    } else {
        index = free_actions_.back();
        free_actions_.pop_back();
    }
    actions_[index] = std::move(action);
    events.push(std::max(time, now), EventKind::action, nullptr, index);
}

void Kernel::run_action(std::uint64_t index) {
    const std::function<void()> action = std::move(actions_[index]);
    free_actions_.push_back(index);
    action();
}

std::uint32_t Kernel::add_subject(const std::string& name) {
    trace.add_subject(name);
    return static_cast<std::uint32_t>(trace.subjects());
}

}  // namespace conclave::sim
