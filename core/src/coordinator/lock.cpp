#include "conclave/lock.hpp"

#include "../client/acquisition.hpp"
#include "lock_holds.hpp"

namespace conclave {

using detail::HoldKind;

namespace {

HoldKind kind_of(bool shared) { return shared ? HoldKind::shared_lock : HoldKind::lock; }

void require_acquired(bool acquired, const Lock& lock) {
    if (!acquired) throw LockAcquireFailed("Acquiring lock " + lock.name() + " failed");
}

}  // namespace

Lock::Lock(std::shared_ptr<detail::ClientCore> core, std::string name)
    : core_(std::move(core)),
      name_(std::move(name)),
      holds_(std::make_unique<detail::LockHolds>()) {}

Lock::~Lock() {
    while (auto hold = holds_->take_last()) abandon(std::move(hold));
}

// A killed fiber's part is left out by the client.
void Lock::abandon(std::shared_ptr<detail::Hold> hold) noexcept {
    // As a handle does: see Handle::abandon().
    core_->post([core = core_.get(), hold = std::move(hold)] { core->give_up_later(hold); });
}

void Lock::abandon_last() noexcept {
    if (auto hold = holds_->take_last()) abandon(std::move(hold));
}

bool Lock::acquire(bool blocking, bool shared) {
    return acquire_until(kind_of(shared), Deadline::never(), !blocking);
}

bool Lock::acquire_for(Duration limit, bool shared) {
    const bool once = limit <= Duration::zero();
    return acquire_until(kind_of(shared),
                         once ? core_->operation_deadline() : core_->runtime().after(limit), once);
}

bool Lock::acquire_until(HoldKind kind, Deadline deadline, bool once) {
    // Else what was lost would keep us waiting.
    while (auto lost = holds_->take_lost()) abandon(std::move(lost));
    auto taken = core_->on_runtime(
        [&] { return detail::Acquisition(*core_, kind, name_).run(deadline, once); });
    if (!taken) return false;
    holds_->add(std::move(taken));
    return true;
}

bool Lock::release() {
    const auto hold = holds_->take_last();
    if (!hold) return false;
    return core_->on_runtime([&] { return core_->give_up(hold, core_->operation_deadline()); });
}

bool Lock::break_() {
    return core_->on_runtime([&] {
        core_->require_started();
        return core_->locks().break_lock(name_, core_->operation_deadline());
    });
}

bool Lock::is_still_owner() {
    const auto hold = holds_->believed();
    if (!hold) return false;
    return core_->on_runtime([&] {
        return core_->locks(hold->kind).is_owner(hold->lease, core_->operation_deadline());
    });
}

bool Lock::heartbeat() {
    const auto hold = holds_->believed();
    if (!hold) return false;
    return core_->on_runtime([&] { return core_->renew(*hold); });
}

bool Lock::acquired() const noexcept { return holds_->believed() != nullptr; }
std::uint64_t Lock::token() const noexcept {
    const auto last = holds_->last();
    return last ? last->token : 0;
}
TimePoint Lock::believed_until() const noexcept {
    const auto last = holds_->last();
    return last ? last->believed_until() : TimePoint::min();
}

LockGuard::LockGuard(Lock& lock, bool blocking, bool shared) : lock_(lock) {
    require_acquired(lock_.acquire(blocking, shared), lock_);
}

LockGuard::LockGuard(Lock& lock, Duration limit, bool shared) : lock_(lock) {
    require_acquired(lock_.acquire_for(limit, shared), lock_);
}

LockGuard::~LockGuard() { lock_.abandon_last(); }

}  // namespace conclave
