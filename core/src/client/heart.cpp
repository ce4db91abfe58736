// The heart: it beats for the member, and renews what is held.

#include <algorithm>
#include <exception>
#include <utility>

#include "client_core.hpp"
#include "conclave/belief.hpp"
#include "conclave/jitter.hpp"

namespace conclave::detail {

namespace {
// A beat's period is a third of the time the backend gives us, as a lease's renewal is.
constexpr int beats_per_timeout = 3;
constexpr int renewals_per_ttl = 3;
constexpr Duration beat_retry_interval = std::chrono::seconds(1);
constexpr Duration renewal_retry_interval = std::chrono::milliseconds(200);
}  // namespace

void ClientCore::start_heart() {
    if (hearts_) return;
    hearts_ = std::make_unique<TaskGroup>(runtime().scheduler);
    hearts_->spawn([this] { beat_heart(); });
    for (const auto& hold : held_)
        if (hold->kind != HoldKind::membership)
            hearts_->spawn([this, hold] { keep_alive(*hold); });
}

void ClientCore::stop_heart() {
    if (heart_turn_.lock(Deadline::never()) != Wake::notified) return;
    const FiberMutexGuard turn(heart_turn_);
    std::unique_ptr<TaskGroup> ending = std::exchange(hearts_, nullptr);
    if (!ending) return;
    ending->cancel();
    ending->join();
    if (ending->size() > 0) hearts_ = std::move(ending);  // the process is dying
    heart_ended_.notify_all();
}

void ClientCore::wait_for_heart(Deadline deadline) {
    while (heart_is_alive())
        if (heart_ended_.wait(deadline) != Wake::notified) return;
}

void ClientCore::beat_heart() {
    const Duration interval = beat_timeout_ / beats_per_timeout;
    Duration wait = interval;
    while (sleep_for(runtime(), wait)) {
        const TimePoint begun = runtime().clock.now();
        try {
            wait = beat() / beats_per_timeout;
            if (runtime().clock.now() - begun > interval)
                observe(Event::Severity::warning, "beat_outlasted_its_interval", member_id_);
        } catch (const Cancelled&) {
            return;
        } catch (const Error& error) {
            observe(Event::Severity::warning, "beat_failed", error.what());
            wait = std::min(interval, beat_retry_interval);
        }
    }
}

Duration ClientCore::beat() {
    const TimePoint sent = runtime().clock.now();
    const Beat found = driver_->heartbeat(operation_deadline());
    ++beats_;
    note_beat(found, sent);
    finish_leaves();
    return found.timeout;
}

// As a lease, from when the acknowledged beat was sent.
TimePoint ClientCore::belief_from(TimePoint sent) const noexcept {
    if (beat_timeout_ == Duration::max()) return TimePoint::max();
    return saturating_add(sent, belief_length(beat_timeout_));
}

void ClientCore::note_beat(const Beat& found, TimePoint sent) {
    for (const std::string& group : found.lost) joined_groups_.erase(group);
    // A membership that the backend had dropped was missed by others, though it is back.
    for (const auto* gone : {&found.lost, &found.rejoined})
        for (const std::string& group : *gone)
            if (const auto kept = memberships_.find(group); kept != memberships_.end())
                lose(kept->second);
    for (const auto& [group, hold] : memberships_)
        if (!hold->ended.is_set() && hold->believed())
            hold->until = belief_from(sent).time_since_epoch().count();
}

Duration ClientCore::heartbeat() {
    require_started();
    Duration interval = beat();
    if (Locks* const locks = driver_->locks()) interval = std::min(interval, locks->ttl());
    std::exception_ptr failure;
    const std::vector<std::shared_ptr<Hold>> held = held_;
    for (const auto& each : held) {
        if (each->kind == HoldKind::membership) continue;
        try {
            renew(*each);
        } catch (const Error&) {
            if (!failure) failure = std::current_exception();
        }
    }
    if (failure) std::rethrow_exception(failure);
    return interval;
}

Duration ClientCore::locks_ttl() const {
    Locks* const locks = driver_->locks();
    return locks ? locks->ttl() : times_.operation;
}

// What does not lapse is renewed as often as the member beats: its owner learns that it is gone.
Duration ClientCore::renewal_interval() const {
    const Duration ttl = locks_ttl();
    return ttl == Duration::max() ? beat_timeout_ / beats_per_timeout : ttl / renewals_per_ttl;
}

// Each lease has its own fiber: one that cannot be renewed must not delay the others.
void ClientCore::keep_alive(Hold& hold) {
    Deadline next = runtime().after(renewal_interval());
    while (hold.ended.wait(next) == Wake::timed_out) {
        next = runtime().after(renewal_interval());
        try {
            renew(hold);
        } catch (const Cancelled&) {
            return;
        } catch (const Error& error) {
            observe(Event::Severity::warning, "renewal_failed", error.what());
            // Soon again, until belief ends: one failed renewal must not stop the watchdog.
            next = runtime().after(jittered(runtime().random, renewal_retry_interval));
        }
    }
}

}  // namespace conclave::detail
