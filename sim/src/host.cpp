#include "conclave/sim/host.hpp"

#include "files/disk_state.hpp"
#include "host_state.hpp"
#include "network/network_state.hpp"
#include "process_state.hpp"

namespace conclave::sim {

HostState::HostState(Kernel& owner, std::string host_name, const HostOptions& options)
    : kernel(owner),
      name(std::move(host_name)),
      subject(owner.add_subject("host " + name)),
      index(owner.hosts.size()),
      wall_offset(options.wall_offset),
      disk(std::make_unique<DiskState>(this, owner.root.split("disk").split(name),
                                       DiskOptions{})) {}

HostState::~HostState() = default;

std::int64_t HostState::wall_now() const noexcept {
    const bool frozen = suspended && suspension == Suspension::vm_snapshot;
    return (frozen ? suspended_at : kernel.now) + wall_offset.count();
}

Host::Host(std::unique_ptr<HostState> state) : state_(std::move(state)) {}
Host::~Host() = default;

const std::string& Host::name() const noexcept { return state_->name; }
bool Host::powered() const noexcept { return state_->powered; }
bool Host::suspended() const noexcept { return state_->suspended; }
std::any& Host::storage() noexcept { return state_->storage; }
Disk& Host::disk() noexcept { return state_->disk; }

void Host::mount(const std::string& path, Disk& share) {
    state_->mounts.push_back({state_->local_disk().normalised(path), &share.state()});
}

std::vector<Process*> Host::processes() const {
    std::vector<Process*> result;
    for (ProcessState* process : state_->processes) result.push_back(process->self);
    return result;
}

void Host::on_power_loss(std::function<void()> action) {
    state_->power_loss_actions.push_back(std::move(action));
}

void Host::power_loss() {
    if (!state_->powered) return;
    if (state_->suspended) resume();
    Kernel& kernel = state_->kernel;
    kernel.record_fault(FaultKind::power_loss, state_->subject, 0);
    state_->powered = false;
    kernel.tcp.silence(*state_);
    for (ProcessState* process : state_->processes) {
        process->power_lost = true;
        process->crash();
    }
    state_->disk.lose_power();
    for (const auto& action : state_->power_loss_actions) action();
}

void Host::power_on() {
    if (state_->powered) return;
    state_->kernel.record_fault(FaultKind::power_on, state_->subject, 0);
    state_->powered = true;
    state_->kernel.tcp.unsilence(*state_);
}

void Host::suspend(Suspension suspension) {
    if (state_->silent()) return;
    Kernel& kernel = state_->kernel;
    kernel.record_fault(FaultKind::suspend, state_->subject,
                        static_cast<std::uint64_t>(suspension));
    state_->suspended = true;
    state_->suspension = suspension;
    state_->suspended_at = kernel.now;
    kernel.tcp.silence(*state_);
    for (ProcessState* process : state_->processes) {
        if (suspension == Suspension::vm_snapshot) {
            process->clock.freeze(kernel.now);
            process->reschedule_deadlines();
        }
        process->update_running();
    }
}

void Host::resume() {
    if (!state_->suspended) return;
    Kernel& kernel = state_->kernel;
    kernel.record_fault(FaultKind::host_resume, state_->subject, 0);
    const bool frozen = state_->suspension == Suspension::vm_snapshot;
    state_->suspended = false;
    if (frozen) state_->wall_offset -= Duration(kernel.now - state_->suspended_at);
    kernel.tcp.unsilence(*state_);
    for (ProcessState* process : state_->processes) {
        if (frozen) {
            process->clock.thaw(kernel.now);
            process->reschedule_deadlines();
        }
        process->update_running();
    }
}

void Host::step_wall_clock(Duration by) {
    state_->kernel.record_fault(FaultKind::wall_clock_step, state_->subject,
                                static_cast<std::uint64_t>(by.count()));
    state_->wall_offset += by;
}

}  // namespace conclave::sim
