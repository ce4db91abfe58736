#include "conclave/sim/world.hpp"

#include "conclave/assert.hpp"
#include "files/disk_state.hpp"
#include "host_state.hpp"
#include "kernel.hpp"
#include "network/network_state.hpp"
#include "process_state.hpp"

namespace conclave::sim {

World::World(WorldOptions options) : kernel_(std::make_unique<Kernel>(options)) {}
World::~World() = default;

Host& World::add_host(std::string name, HostOptions options) {
    CONCLAVE_ASSERT(!kernel_->tcp.find_host(name), name);
    auto state = std::make_unique<HostState>(*kernel_, std::move(name), options);
    return *kernel_->hosts.emplace_back(std::make_unique<Host>(std::move(state)));
}

Process& World::add_process(Host& host, std::string name, std::function<void(Process&)> body,
                            ProcessOptions options) {
    for (const auto& process : kernel_->processes) CONCLAVE_ASSERT(process->name() != name, name);
    auto state = std::make_unique<ProcessState>(host.state(), std::move(name), std::move(body),
                                                options);
    ProcessState& started = *state;
    host.state().processes.push_back(&started);
    Process& process = *kernel_->processes.emplace_back(std::make_unique<Process>(std::move(state)));
    started.start();
    return process;
}

Disk& World::add_share(DiskOptions options) {
    const Stream random = kernel_->root.split("share").split(kernel_->shares.size());
    auto state = std::make_unique<DiskState>(nullptr, random, options);
    return *kernel_->shares.emplace_back(std::make_unique<Disk>(std::move(state)));
}

void World::run_until(WorldTime limit) {
    while (kernel_->step(limit.nanoseconds)) {
    }
    kernel_->now = std::max(kernel_->now, limit.nanoseconds);
}

bool World::run_while(const std::function<bool()>& condition, WorldTime limit) {
    while (condition()) {
        if (kernel_->step(limit.nanoseconds)) continue;
        if (!idle()) kernel_->now = std::max(kernel_->now, limit.nanoseconds);
        return false;
    }
    return true;
}

bool World::idle() const noexcept { return kernel_->ready.empty() && kernel_->events.empty(); }

WorldTime World::now() const noexcept { return {kernel_->now}; }

void World::at(WorldTime time, std::function<void()> action) {
    kernel_->schedule_action(time.nanoseconds, std::move(action));
}

SimNetwork& World::network() noexcept { return kernel_->network; }

Stream World::stream(std::string_view name) const { return kernel_->root.split("world").split(name); }

void World::record(TraceKind kind, std::uint32_t subject, std::uint64_t a, std::uint64_t b) {
    kernel_->record(kind, subject, a, b);
}

std::uint64_t World::trace_hash() const noexcept { return kernel_->trace.hash(); }
const Trace& World::trace() const noexcept { return kernel_->trace; }
std::uint64_t World::steps() const noexcept { return kernel_->steps; }
std::uint64_t World::choices() const noexcept { return kernel_->ready.choices(); }

}  // namespace conclave::sim
