// Keeping leases alive, and ending belief in time.

#include <algorithm>

#include "conclave/fiber.hpp"
#include "conclave/jitter.hpp"
#include "coordinator_core.hpp"

namespace conclave::detail {

namespace {
constexpr int renewals_per_ttl = 3;
constexpr Duration retry_interval = std::chrono::milliseconds(200);
}  // namespace

Duration CoordinatorCore::renewal_interval() const {
    Locks* const locks = driver_->locks();
    return (locks ? locks->ttl() : options_.operation_timeout) / renewals_per_ttl;
}

std::shared_ptr<HeldLease> CoordinatorCore::keep(Lease lease, bool leadership) {
    auto held = std::make_shared<HeldLease>(runtime().scheduler, std::move(lease), leadership);
    held_.push_back(held);
    // Each lease has its own fiber: one that cannot be renewed must not delay the others.
    if (hearts_) hearts_->spawn([this, held] { keep_alive(*held); });
    return held;
}

void CoordinatorCore::keep_alive(HeldLease& held) {
    Deadline next = runtime().after(renewal_interval());
    while (held.ended.wait(next) == Wake::timed_out) {
        next = runtime().after(renewal_interval());
        try {
            renew(held);
        } catch (const Cancelled&) {
            return;
        } catch (const Error& error) {
            observe(Event::Severity::warning, "renewal_failed", error.what());
            // Soon again, until belief ends: one failed renewal must not stop the watchdog.
            next = runtime().after(jittered(runtime().random, retry_interval));
        }
    }
}

bool CoordinatorCore::believed(const HeldLease& held) const noexcept {
    const auto now = gate_.runtime().clock.now().time_since_epoch().count();
    return now < held.believed_until.load(std::memory_order_acquire);
}

// Belief ends now at the latest; when it ended stays readable.
void CoordinatorCore::end(HeldLease& held) noexcept {
    const auto now = runtime().clock.now().time_since_epoch().count();
    held.believed_until = std::min(held.believed_until.load(), now);
    std::erase_if(held_, [&](const auto& each) { return each.get() == &held; });
    held.ended.set();
}

bool CoordinatorCore::renew(HeldLease& held) {
    // A held lease whose belief has ended stays ended: the application may have acted on its loss.
    bool ours = believed(held);
    if (ours) {
        const TimePoint patience = runtime().after(renewal_interval()).at();
        const Deadline deadline(std::min(patience, held.lease.belief_until));
        ours = held.leadership ? elections().renew(held.lease, deadline)
                               : locks().renew(held.lease, deadline);
    }
    if (held.ended.is_set()) return false;
    if (ours && believed(held)) {
        held.believed_until = held.lease.belief_until.time_since_epoch().count();
        return true;
    }
    observe(Event::Severity::warning, "lease_lost", held.lease.name);
    give_up_later(held);
    return false;
}

bool CoordinatorCore::resign_or_release(const Lease& lease, bool leadership, Deadline deadline) {
    return leadership ? elections().resign(lease, deadline) : locks().release(lease, deadline);
}

bool CoordinatorCore::give_up(HeldLease& held, Deadline deadline) {
    end(held);
    return resign_or_release(held.lease, held.leadership, deadline);
}

void CoordinatorCore::give_up_later(HeldLease& held) {
    if (held.ended.is_set()) return;
    Lease lease = held.lease;
    const bool leadership = held.leadership;
    end(held);
    undo_later(std::move(lease), leadership);
}

void CoordinatorCore::undo_later(Lease lease, bool leadership) {
    const Fiber* const fiber = running_fiber();
    if (!started_ || (fiber && fiber->killed)) return;  // then it lapses at its ttl
    releases_->spawn([this, lease = std::move(lease), leadership] {
        try {
            resign_or_release(lease, leadership, operation_deadline());
        } catch (const Error& error) {
            observe(Event::Severity::warning, "release_failed", error.what());
        }
    });
}

}  // namespace conclave::detail
