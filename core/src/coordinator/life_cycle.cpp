// Starting, beating and stopping.

#include <algorithm>
#include <exception>

#include "conclave/belief.hpp"
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

CoordinatorCore::CoordinatorCore(Gate& gate, std::unique_ptr<Driver> driver, std::string member_id,
                                 CoordinatorOptions options)
    : gate_(gate),
      driver_(std::move(driver)),
      member_id_(std::move(member_id)),
      options_(options),
      watching_(gate.runtime().scheduler) {}

Groups& CoordinatorCore::groups() { return require(driver_->groups(), "groups"); }
Elections& CoordinatorCore::elections() { return require(driver_->elections(), "elections"); }
Locks& CoordinatorCore::locks() { return require(driver_->locks(), "locks"); }

void CoordinatorCore::require_started() const {
    if (!started_) throw Error("the coordinator of " + member_id_ + " has not been started");
}

void CoordinatorCore::start(bool start_heart) {
    if (started_) throw Error("Can not start a driver which has not been stopped");
    connect_and_beat();
    joined_groups.clear();
    releases_ = std::make_unique<TaskGroup>(runtime().scheduler);
    if (start_heart) {
        hearts_ = std::make_unique<TaskGroup>(runtime().scheduler);
        hearts_->spawn([this] { beat_heart(); });
    }
    started_ = true;
}

void CoordinatorCore::connect_and_beat() {
    std::exception_ptr failure;
    try {
        driver_->start(operation_deadline());
        beat_timeout_ = driver_->heartbeat(operation_deadline()).timeout;
        membership_until_ = TimePoint::min();
    } catch (const Error&) {
        failure = std::current_exception();
    }
    if (!failure) return;
    // Outside the handler, because it parks. What was connected must not stay behind.
    driver_->stop(operation_deadline());
    std::rethrow_exception(failure);
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

// As a lease, from when the acknowledged beat was sent.
TimePoint CoordinatorCore::belief_from(TimePoint sent) const noexcept {
    return saturating_add(sent, belief_length(beat_timeout_));
}

Duration CoordinatorCore::beat() {
    const TimePoint sent = runtime().clock.now();
    const Duration timeout = driver_->heartbeat(operation_deadline()).timeout;
    // A membership that lapsed may have been missed by others, though the driver put it back.
    if (runtime().clock.now() < membership_until_) membership_until_ = belief_from(sent);
    return timeout;
}

Duration CoordinatorCore::heartbeat() {
    require_started();
    Duration interval = beat();
    if (Locks* const locks = driver_->locks()) interval = std::min(interval, locks->ttl());
    std::exception_ptr failure;
    const std::vector<std::shared_ptr<HeldLease>> held = held_;
    for (const auto& each : held) {
        try {
            renew(*each);
        } catch (const Error&) {
            if (!failure) failure = std::current_exception();
        }
    }
    if (failure) std::rethrow_exception(failure);
    return interval;
}

void CoordinatorCore::join(Groups& groups, const std::string& group, const Value& capabilities,
                           Deadline deadline) {
    const TimePoint sent = runtime().clock.now();
    try {
        groups.join_group(group, capabilities, deadline);
    } catch (const Error& error) {
        if (error.effect() == Effect::unknown) joined_groups.insert(group);
        throw;
    }
    joined_groups.insert(group);
    membership_until_ = std::max(membership_until_, belief_from(sent));
}

void CoordinatorCore::leave(Groups& groups, const std::string& group, Deadline deadline) {
    try {
        groups.leave_group(group, deadline);
    } catch (const GroupError&) {
        joined_groups.erase(group);  // no such group, or no member of it
        throw;
    }
    joined_groups.erase(group);
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
    if (hearts_) {
        hearts_->cancel();
        hearts_->join();
        hearts_.reset();
    }
    const std::set<std::string> joined = std::exchange(joined_groups, {});
    for (const std::string& group : joined) quietly([&] { groups().leave_group(group, deadline); });
    const std::vector<std::shared_ptr<HeldLease>> held = held_;
    for (const auto& each : held) quietly([&] { give_up(*each, deadline); });
    leaderships_.clear();
    campaigns_.clear();
    drain_releases(deadline);
    driver_->stop(deadline);
    views_.clear();
}

void CoordinatorCore::drain_releases(Deadline deadline) {
    if (releases_->size() == 0) return;
    TaskGroup limit(runtime().scheduler);
    limit.spawn([&] {
        if (sleep_until(runtime(), deadline)) releases_->cancel();
    });
    releases_->join();
    limit.cancel();
    limit.join();
}

void CoordinatorCore::observe(Event::Severity severity, std::string_view name,
                              const std::string& detail) {
    runtime().observer.event({severity, "coordinator", name, detail});
}

}  // namespace conclave::detail
