// Keeping leases alive, and ending belief in time.

#include <algorithm>

#include "conclave/fiber.hpp"
#include "coordinator_core.hpp"

namespace conclave::detail {

namespace {
constexpr int renewals_per_ttl = 3;
// After a failed renewal, draws the next attempt from [half of it, the whole].
constexpr Duration retry_interval = std::chrono::milliseconds(200);

Duration jittered(Runtime& runtime, Duration whole) {
    const auto half = static_cast<std::uint64_t>(whole.count() / 2);
    return Duration(static_cast<std::int64_t>(half + runtime.random.next() % (half + 1)));
}
}  // namespace

std::shared_ptr<HeldLease> CoordinatorCore::keep(Lease lease, bool leadership) {
    auto held = std::make_shared<HeldLease>();
    held->token = lease.token;
    held->believed_until = lease.belief_until.time_since_epoch().count();
    held->leadership = leadership;
    held->renewed = runtime().clock.now();
    held->lease = std::move(lease);
    held_.push_back(held);
    leases_changed_->set();
    return held;
}

bool CoordinatorCore::believed(const HeldLease& held) const noexcept {
    const auto now = gate_.runtime().clock.now().time_since_epoch().count();
    return now < held.believed_until.load(std::memory_order_acquire);
}

/// Belief ends now at the latest; when it ended stays readable.
void CoordinatorCore::end_belief(HeldLease& held) noexcept {
    held.lost = true;
    const auto now = runtime().clock.now().time_since_epoch().count();
    held.believed_until = std::min(held.believed_until.load(), now);
}

bool CoordinatorCore::renew(HeldLease& held) {
    // Belief that has ended stays ended: the application may already have acted on its loss.
    if (held.lost || !believed(held)) {
        held.lost = true;
        return false;
    }
    const TimePoint asked = runtime().clock.now();
    const Deadline deadline(std::min(operation_deadline().at(), held.lease.belief_until));
    const bool ours = held.leadership ? elections().renew(held.lease, deadline)
                                      : locks().renew(held.lease, deadline);
    if (held.lost || !ours || !believed(held)) {
        end_belief(held);
        observe(Event::Severity::warning, "lease_lost", held.lease.name);
        return false;
    }
    held.renewed = asked;
    held.believed_until = held.lease.belief_until.time_since_epoch().count();
    return true;
}

bool CoordinatorCore::give_up(const std::shared_ptr<HeldLease>& held, Deadline deadline) {
    end_belief(*held);
    std::erase(held_, held);
    return held->leadership ? elections().resign(held->lease, deadline)
                            : locks().release(held->lease, deadline);
}

void CoordinatorCore::give_up_later(std::shared_ptr<HeldLease> held) {
    end_belief(*held);
    std::erase(held_, held);
    const Fiber* const fiber = running_fiber();
    if (!started_ || (fiber && fiber->killed)) return;  // then the lease lapses at its ttl
    releases_->spawn([this, held = std::move(held)] {
        try {
            give_up(held, operation_deadline());
        } catch (const Error& error) {
            observe(Event::Severity::warning, "release_failed", error.what());
        }
    });
}

void CoordinatorCore::undo_later(const std::string& name, const std::string& owner,
                                 bool leadership) {
    auto held = std::make_shared<HeldLease>();
    held->lease.name = name;
    held->lease.owner = owner;
    held->leadership = leadership;
    give_up_later(std::move(held));
}

Duration CoordinatorCore::renewal_interval() const {
    Locks* const locks = driver_->locks();
    return (locks ? locks->ttl() : options_.operation_timeout) / renewals_per_ttl;
}

TimePoint CoordinatorCore::next_renewal(TimePoint now) const {
    TimePoint next = TimePoint::max();
    for (const auto& held : held_) {
        const TimePoint due = saturating_add(held->renewed, renewal_interval());
        next = std::min(next, std::max(due, now));
    }
    return next;
}

void CoordinatorCore::renew_due(TimePoint now) {
    const std::vector<std::shared_ptr<HeldLease>> held = held_;
    for (const auto& each : held) {
        if (each->lost || saturating_add(each->renewed, renewal_interval()) > now) continue;
        try {
            renew(*each);
        } catch (const Error& error) {
            observe(Event::Severity::warning, "renewal_failed", error.what());
            // Tried again soon, until belief ends: one failed renewal must not stop the watchdog.
            each->renewed = now - renewal_interval() + jittered(runtime(), retry_interval);
        }
    }
    std::erase_if(held_, [](const auto& each) { return each->lost; });
}

void CoordinatorCore::lease_heart() {
    for (;;) {
        leases_changed_->reset();
        const TimePoint next = next_renewal(runtime().clock.now());
        const Wake wake = leases_changed_->wait(Deadline(next));
        if (wake == Wake::cancelled) return;
        if (wake == Wake::timed_out) renew_due(runtime().clock.now());
    }
}

}  // namespace conclave::detail
