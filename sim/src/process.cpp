#include "conclave/sim/process.hpp"

#include "conclave/assert.hpp"
#include "host_state.hpp"
#include "process_state.hpp"

namespace conclave::sim {

Process::Process(std::unique_ptr<ProcessState> state) : state_(std::move(state)) {
    state_->self = this;
}
Process::~Process() = default;

const std::string& Process::name() const noexcept { return state_->name; }
Host& Process::host() noexcept { return *state_->kernel.hosts[state_->host.index]; }
Runtime& Process::runtime() noexcept { return state_->runtime; }
TaskGroup& Process::tasks() noexcept { return *state_->tasks; }
int Process::incarnation() const noexcept { return state_->incarnation; }
bool Process::alive() const noexcept { return state_->alive; }
bool Process::paused() const noexcept { return state_->alive && !state_->running; }

void Process::crash() { state_->crash(); }
void Process::restart() { state_->restart(); }
void Process::pause() { state_->set_stopped_by_signal(true); }
void Process::resume() { state_->set_stopped_by_signal(false); }

void Process::set_clock_rate_ppm(int rate_ppm) {
    CONCLAVE_ASSERT(rate_ppm > -1'000'000, rate_ppm);
    state_->kernel.record_fault(FaultKind::clock_rate, state_->subject,
                                static_cast<std::uint64_t>(rate_ppm));
    state_->clock.set_rate(state_->kernel.now, rate_ppm);
    state_->reschedule_deadlines();
}

void Process::step_clock(Duration by) {
    CONCLAVE_ASSERT(by >= Duration::zero(), by.count());
    state_->kernel.record_fault(FaultKind::clock_step, state_->subject,
                                static_cast<std::uint64_t>(by.count()));
    state_->clock.step(state_->kernel.now, by);
    state_->reschedule_deadlines();
}

WorldTime Process::to_world(TimePoint time) const {
    return {state_->clock.first_shown(time.time_since_epoch().count())};
}

TimePoint Process::to_local(WorldTime time) const {
    return TimePoint(Duration(state_->clock.local(time.nanoseconds)));
}

std::uint64_t Process::calls() const noexcept { return state_->calls; }

void Process::at_call(std::uint64_t ordinal, CallPoint point, std::function<void()> action) {
    state_->add_hook(ordinal, point, std::move(action));
}

}  // namespace conclave::sim
