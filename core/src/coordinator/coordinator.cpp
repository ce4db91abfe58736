#include "conclave/coordinator.hpp"

#include <algorithm>

#include "conclave/assert.hpp"
#include "conclave/fiber.hpp"
#include "../client/owned_core.hpp"
#include "hook_run.hpp"
#include "watch_list.hpp"

namespace conclave {

using detail::add_watch;
using detail::remove_watch;

Coordinator::Coordinator(Gate& gate, std::unique_ptr<Driver> driver, std::string member_id,
                         ClientTimes times)
    : core_(std::make_shared<detail::CoordinatorCore>(std::make_shared<detail::ClientCore>(
          gate, std::move(driver), std::move(member_id), times))) {}

Coordinator::Coordinator(std::unique_ptr<OwnedRuntime> runtime,
                         const detail::DriverFactory& make_driver, std::string member_id,
                         const std::vector<Requirement>& requirements, ClientTimes times)
    : core_(std::make_shared<detail::CoordinatorCore>(detail::own(
          std::move(runtime), make_driver, std::move(member_id), requirements, times))) {}

Coordinator::~Coordinator() {
    const detail::Fiber* const fiber = detail::running_fiber();
    if (fiber && fiber->killed) core_->forget_operations();
    if (!is_started()) return;
    // A destructor must not park, and a simulated process that dies sends no farewell.
    if (fiber) {
        CONCLAVE_ASSERT(fiber->killed, "stop() the coordinator before it is destroyed");
        return;
    }
    try {
        stop(core_->client().times().operation);
    } catch (const std::exception&) {
        // Nobody is left to be told: leases lapse at their ttl.
    }
}

bool Coordinator::requires_beating() const { return core_->client().driver().requires_beating(); }
void Coordinator::start(bool start_heart) {
    core_->client().on_runtime([&] { core_->client().start(start_heart && requires_beating()); });
}
StopReport Coordinator::stop(Duration limit) {
    const void* const caller = detail::running_caller();
    StopReport report;
    core_->client().gate().call([&] { report = core_->stop(limit, caller); });
    return report;
}
bool Coordinator::is_started() const { return core_->client().is_started(); }
const std::string& Coordinator::member_id() const noexcept { return core_->client().member_id(); }
Claims Coordinator::claims() const { return core_->client().driver().claims(); }
Duration Coordinator::heartbeat() {
    return core_->client().on_runtime([&] { return core_->client().heartbeat(); });
}

std::uint64_t Heart::beats() const { return core_->client().beats(); }
bool Heart::is_alive() const {
    return core_->client().on_runtime([&] { return core_->client().heart_is_alive(); });
}
void Heart::start() {
    core_->client().on_runtime([&] {
        core_->client().require_started();
        core_->client().start_heart();
    });
}
void Heart::stop() {
    core_->client().on_runtime([&] { core_->client().stop_heart(); });
}
bool Heart::wait(std::optional<Duration> limit) {
    detail::ClientCore& client = core_->client();
    const Deadline deadline = limit ? client.runtime().after(*limit) : Deadline::never();
    return client.on_runtime([&] {
        client.wait_for_heart(deadline);
        return client.heart_is_alive();
    });
}

AsyncResult<Leader> Coordinator::get_leader(const std::string& group) {
    core_->client().elections();
    return {core_, [client = core_->shared_client(), group] {
                return client->elections().get_leader(group, client->operation_deadline());
            }};
}
bool Coordinator::stand_down_group_leader(const std::string& group) {
    return core_->client().on_runtime([&] { return core_->stand_down(group); });
}
bool Coordinator::is_leader(const std::string& group) const {
    return core_->client().on_runtime([&] { return core_->is_leader(group); });
}

TimePoint Coordinator::leading_until(const std::string& group) const {
    return core_->client().on_runtime([&] {
        const auto held = core_->leadership(group);
        return held ? held->believed_until() : TimePoint::min();
    });
}
std::uint64_t Coordinator::leader_token(const std::string& group) const {
    return core_->client().on_runtime([&] {
        const auto held = core_->leadership(group);
        return held ? held->token : 0;
    });
}
TimePoint Coordinator::member_until(const std::string& group) const {
    return core_->client().on_runtime([&] { return core_->client().member_until(group); });
}

WatchId Coordinator::watch_join_group(const std::string& group, Hook<MemberJoinedGroup> hook) {
    return core_->client().on_runtime([&] {
        core_->init_watch(group);
        return add_watch(*core_, core_->join_watches, group, std::move(hook));
    });
}
WatchId Coordinator::watch_leave_group(const std::string& group, Hook<MemberLeftGroup> hook) {
    return core_->client().on_runtime([&] {
        core_->init_watch(group);
        return add_watch(*core_, core_->leave_watches, group, std::move(hook));
    });
}
WatchId Coordinator::watch_elected_as_leader(const std::string& group, Hook<LeaderElected> hook) {
    return core_->client().on_runtime([&] {
        core_->client().elections();  // NotImplemented now rather than at the first campaign
        return add_watch(*core_, core_->elected_watches, group, std::move(hook));
    });
}
WatchId Coordinator::watch_lost_leadership(const std::string& group, Hook<LeadershipLost> hook) {
    return core_->client().on_runtime(
        [&] { return add_watch(*core_, core_->lost_watches, group, std::move(hook)); });
}
void Coordinator::unwatch_join_group(const std::string& group, WatchId watch) {
    core_->client().on_runtime([&] {
        remove_watch(core_->join_watches, group, watch);
        core_->forget_view_if_unwatched(group);
    });
}
void Coordinator::unwatch_leave_group(const std::string& group, WatchId watch) {
    core_->client().on_runtime([&] {
        remove_watch(core_->leave_watches, group, watch);
        core_->forget_view_if_unwatched(group);
    });
}
void Coordinator::unwatch_elected_as_leader(const std::string& group, WatchId watch) {
    core_->client().on_runtime([&] {
        remove_watch(core_->elected_watches, group, watch);
        core_->end_campaign_if_unwatched(group);
    });
}
void Coordinator::unwatch_lost_leadership(const std::string& group, WatchId watch) {
    core_->client().on_runtime([&] { remove_watch(core_->lost_watches, group, watch); });
}

std::set<std::string> Coordinator::watched_members(const std::string& group) const {
    return core_->client().on_runtime([&] { return core_->view(group); });
}

std::vector<Value> Coordinator::run_watchers(std::optional<Duration> limit) {
    detail::ClientCore& client = core_->client();
    const Deadline deadline = client.runtime().after(limit.value_or(client.times().operation));
    detail::HookRun run = client.on_runtime([&] { return core_->look_at_groups(deadline); });
    return run.finish(*core_);
}
std::vector<Value> Coordinator::run_elect_coordinator() {
    detail::HookRun run = core_->client().on_runtime([&] { return core_->look_at_elections(); });
    return run.finish(*core_);
}

std::unique_ptr<Lock> Coordinator::get_lock(const std::string& name) {
    if (name.empty()) throw Error("Locks must be provided a name");
    core_->client().locks();
    return std::make_unique<Lock>(core_->shared_client(), name);
}

}  // namespace conclave
