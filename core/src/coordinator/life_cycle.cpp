// Starting, beating and stopping.

#include <algorithm>

#include "coordinator_core.hpp"

namespace conclave::detail {

namespace {
// A beat's period is a third of the time the backend gives us, as a lease's renewal is.
constexpr int beats_per_timeout = 3;
constexpr Duration beat_retry_interval = std::chrono::seconds(1);

template <class Facet>
Facet& require(Facet* facet, const char* what) {
    if (!facet) throw NotImplemented(std::string("this backend has no ") + what);
    return *facet;
}
}  // namespace

CoordinatorCore::CoordinatorCore(Gate& gate, std::unique_ptr<Driver> driver,
                                 std::string member_id, CoordinatorOptions options)
    : gate_(gate),
      driver_(std::move(driver)),
      member_id_(std::move(member_id)),
      options_(options) {}

Groups& CoordinatorCore::groups() { return require(driver_->groups(), "groups"); }
Elections& CoordinatorCore::elections() { return require(driver_->elections(), "elections"); }
Locks& CoordinatorCore::locks() { return require(driver_->locks(), "locks"); }

void CoordinatorCore::require_started() const {
    if (!started_) throw Error("the coordinator of " + member_id_ + " has not been started");
}

void CoordinatorCore::start(bool start_heart) {
    if (started_) throw Error("Can not start a driver which has not been stopped");
    driver_->start(operation_deadline());
    beat_timeout_ = driver_->heartbeat(operation_deadline());
    membership_until_ = TimePoint::min();
    joined_groups.clear();
    Scheduler& scheduler = runtime().scheduler;
    hearts_ = std::make_unique<TaskGroup>(scheduler);
    releases_ = std::make_unique<TaskGroup>(scheduler);
    leases_changed_ = std::make_unique<Latch>(scheduler);
    started_ = true;
    if (!start_heart) return;
    // Apart, so that a slow beat cannot delay the renewal of a lock.
    hearts_->spawn([this] { lease_heart(); });
    hearts_->spawn([this] { beat_heart(); });
}

void CoordinatorCore::beat_heart() {
    const Duration interval = beat_timeout_ / beats_per_timeout;
    Duration wait = interval;
    while (sleep_for(runtime(), wait)) {
        try {
            wait = beat() / beats_per_timeout;
        } catch (const Cancelled&) {
            return;
        } catch (const Error& error) {
            observe(Event::Severity::warning, "beat_failed", error.what());
            wait = std::min(interval, beat_retry_interval);
        }
    }
}

/// As a lease: from when the acknowledged beat was sent, less 1 % of clock rate and a tenth.
TimePoint CoordinatorCore::belief_from(TimePoint sent) const noexcept {
    return saturating_add(sent, beat_timeout_ - beat_timeout_ / 100 - beat_timeout_ / 10);
}

Duration CoordinatorCore::beat() {
    const TimePoint sent = runtime().clock.now();
    const Duration timeout = driver_->heartbeat(operation_deadline());
    // A membership that lapsed may have been missed by others, though the driver put it back.
    if (runtime().clock.now() < membership_until_) membership_until_ = belief_from(sent);
    return timeout;
}

void CoordinatorCore::joined(const std::string& group, TimePoint sent) {
    joined_groups.insert(group);
    membership_until_ = std::max(membership_until_, belief_from(sent));
}

Duration CoordinatorCore::heartbeat() {
    require_started();
    Duration interval = beat();
    const std::vector<std::shared_ptr<HeldLease>> held = held_;
    for (const auto& each : held) renew(*each);
    std::erase_if(held_, [](const auto& each) { return each->lost; });
    if (Locks* const locks = driver_->locks()) interval = std::min(interval, locks->ttl());
    return interval;
}

void CoordinatorCore::stop(Duration limit) {
    if (!started_) throw Error("Can not stop a driver which has not been started");
    started_ = false;
    const Deadline deadline = runtime().after(limit);
    const auto quietly = [&](auto&& step) {
        try {
            step();
        } catch (const Error& error) {
            observe(Event::Severity::warning, "stop_step_failed", error.what());
        }
    };
    hearts_->cancel();
    hearts_->join();
    const std::set<std::string> joined = std::exchange(joined_groups, {});
    for (const std::string& group : joined)
        quietly([&] { groups().leave_group(group, deadline); });
    const std::vector<std::shared_ptr<HeldLease>> held = held_;
    for (const auto& each : held) quietly([&] { give_up(each, deadline); });
    leaderships_.clear();
    campaigns_.clear();
    releases_->join();  // each is bounded by the operation timeout
    driver_->stop(deadline);
    views_.clear();
}

void CoordinatorCore::observe(Event::Severity severity, std::string_view name,
                              const std::string& detail) {
    runtime().observer.event({severity, "coordinator", name, detail});
}

}  // namespace conclave::detail
