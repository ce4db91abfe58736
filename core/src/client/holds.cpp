// What is held: belief ends in time and by the local clock alone; the backend's part comes after.

#include <algorithm>

#include "client_core.hpp"
#include "conclave/fiber.hpp"
#include "conclave/jitter.hpp"

namespace conclave::detail {

namespace {
constexpr Duration undo_interval = std::chrono::seconds(1);
}

std::shared_ptr<Hold> ClientCore::keep(HoldKind kind, Lease lease) {
    auto hold = std::make_shared<Hold>(weak_from_this(), runtime(), kind, std::move(lease));
    held_.push_back(hold);
    if (hold->lapses()) guards_->spawn([this, hold] { guard(hold); });
    if (hearts_ && kind != HoldKind::membership)
        hearts_->spawn([this, hold] { keep_alive(*hold); });
    return hold;
}

void ClientCore::hand_out(const std::shared_ptr<Hold>& hold) {
    hold->handed_out = true;
    handed_out_.push_back(hold);
}

// No I/O here: a backend that does not answer must not delay the news.
void ClientCore::guard(const std::shared_ptr<Hold>& hold) {
    while (hold->ended.wait(Deadline(hold->believed_until())) == Wake::timed_out)
        if (!hold->believed()) return lose(hold);
}

// Belief ends now at the latest; when it ended stays readable.
void ClientCore::end(Hold& hold) noexcept {
    const auto now = runtime().clock.now().time_since_epoch().count();
    hold.until = std::min(hold.until.load(), now);
    std::erase_if(held_, [&](const auto& each) { return each.get() == &hold; });
    hold.ended.set();
}

// The backend's part is left to lapse: whoever works under the hold has the rest of it to notice.
void ClientCore::lose(const std::shared_ptr<Hold>& hold) {
    if (hold->ended.is_set()) return;
    end(*hold);
    observe(Event::Severity::warning, "lost", hold->lease.name);
    // Else the driver's next beat would join again behind the back of the handle's owner.
    if (hold->kind == HoldKind::membership && hold->handed_out)
        undo_later(hold->kind, hold->lease);
    tell(hold);
}

// On a fiber of its own: whoever is told may wait, or stop the client.
void ClientCore::tell(const std::shared_ptr<Hold>& hold) {
    callbacks_->begin(hold->lease.name, [hold] { hold->lost_signal.request_stop(); });
}

bool ClientCore::renew(Hold& hold) {
    // A hold whose belief has ended stays ended: the application may have acted on its loss.
    bool ours = hold.believed() && !hold.ended.is_set();
    if (ours) {
        const TimePoint patience = runtime().after(renewal_interval()).at();
        const Deadline deadline(std::min(patience, hold.lease.belief_until));
        ours = hold.kind == HoldKind::leadership ? elections().renew(hold.lease, deadline)
                                                 : locks(hold.kind).renew(hold.lease, deadline);
    }
    if (hold.ended.is_set()) return false;
    if (ours && hold.believed()) {
        hold.until = hold.lease.belief_until.time_since_epoch().count();
        return true;
    }
    lose(shared(hold));
    return false;
}

std::shared_ptr<Hold> ClientCore::shared(const Hold& hold) const {
    for (const auto& each : held_)
        if (each.get() == &hold) return each;
    return nullptr;
}

bool ClientCore::give_back(HoldKind kind, const Lease& lease, Deadline deadline) {
    switch (kind) {
        case HoldKind::leadership: return elections().resign(lease, deadline);
        case HoldKind::lock:
        case HoldKind::shared_lock: return locks(kind).release(lease, deadline);
        case HoldKind::membership: break;
    }
    return leave_if_current(lease, deadline);
}

bool ClientCore::give_up(const std::shared_ptr<Hold>& hold, Deadline deadline) {
    struct PutBack {
        ClientCore& core;
        Hold& hold;
        ~PutBack() { core.put_back(hold); }
    } put_back{*this, *hold};
    if (!hold->ended.is_set()) {
        end(*hold);
        tell(hold);
    }
    if (!open_) return false;
    const bool lapses = hold->kind != HoldKind::membership;  // leaves have a memory of their own
    try {
        const bool given_back = give_back(hold->kind, hold->lease, deadline);
        if (lapses && hold->repeated) undo_later(hold->kind, hold->lease, true);
        return given_back;
    } catch (const Error&) {
        if (lapses) undo_later(hold->kind, hold->lease, hold->repeated);
        throw;
    }
}

void ClientCore::give_up_later(const std::shared_ptr<Hold>& hold) {
    const Fiber* const fiber = running_fiber();
    if (fiber && fiber->killed) return;
    if (!hold->ended.is_set()) {
        end(*hold);
        tell(hold);
    }
    undo_later(hold->kind, hold->lease, hold->repeated);
    put_back(*hold);
}

void ClientCore::put_back(Hold& hold) noexcept {
    hold.given_up.set();
    std::erase_if(handed_out_, [&](const auto& each) { return each.get() == &hold; });
}

void ClientCore::undo_later(HoldKind kind, Lease lease, bool doubtful) {
    const Fiber* const fiber = running_fiber();
    if (!open_ || (fiber && fiber->killed)) return;  // then it lapses at its ttl
    // Whoever joins anew before that is done has it done first.
    if (kind == HoldKind::membership && is_current(lease)) unfinished_leaves_.insert(lease.name);
    // It may have been given back already: a driver that finds it gone must not say that it did it.
    lease.belief_until = TimePoint::min();
    background_->spawn(
        [this, kind, lease = std::move(lease), doubtful] { undo(kind, lease, doubtful); });
}

// Tried again until it has lapsed by itself: nobody else can tell that it is an orphan. What is in
// doubt may still be on its way when we say that it is over, and arrive after that. A leave that
// failed is the beat's to repeat.
void ClientCore::undo(HoldKind kind, const Lease& lease, bool doubtful) {
    const bool lapses = kind != HoldKind::membership && locks_ttl() != Duration::max();
    const Deadline lapsed = runtime().after(lapses ? locks_ttl() : Duration::zero());
    for (Duration pause = undo_interval;; pause *= 2) {
        try {
            if (give_back(kind, lease, operation_deadline()) || !doubtful) return;
        } catch (const Cancelled&) {
            return;
        } catch (const Error& error) {
            observe(Event::Severity::warning, "release_failed", error.what());
        }
        const Deadline next = runtime().after(jittered(runtime().random, pause));
        if (next >= lapsed || stopping_.wait(next) != Wake::timed_out) return;
    }
}

}  // namespace conclave::detail
