#include "conclave/lock.hpp"

#include "../client/acquisition.hpp"

namespace conclave {

using detail::HoldKind;

Lock::Lock(std::shared_ptr<detail::ClientCore> core, std::string name)
    : core_(std::move(core)), name_(std::move(name)) {}

Lock::~Lock() { abandon(); }

// A killed fiber's part is left out by the client.
void Lock::abandon() noexcept {
    if (!hold_) return;
    // As a handle does: see Handle::abandon().
    core_->post([core = core_.get(), hold = std::exchange(hold_, nullptr)] {
        core->give_up_later(hold);
    });
}

bool Lock::acquire(bool blocking, bool shared) {
    if (shared) throw NotImplemented("this backend has no shared locks");
    return acquire_until(Deadline::never(), !blocking);
}

bool Lock::acquire_for(Duration limit) {
    return acquire_until(core_->runtime().after(limit), false);
}

bool Lock::acquire_until(Deadline deadline, bool once) {
    if (!acquired()) abandon();  // else what was lost would keep us waiting
    auto taken = core_->on_runtime(
        [&] { return detail::Acquisition(*core_, HoldKind::lock, name_).run(deadline, once); });
    if (!taken) return false;
    last_ = hold_ = std::move(taken);
    return true;
}

bool Lock::release() {
    if (!hold_) return false;
    const auto hold = std::exchange(hold_, nullptr);
    return core_->on_runtime([&] { return core_->give_up(hold, core_->operation_deadline()); });
}

bool Lock::break_() {
    return core_->on_runtime([&] {
        core_->require_started();
        return core_->locks().break_lock(name_, core_->operation_deadline());
    });
}

bool Lock::is_still_owner() {
    if (!acquired()) return false;
    return core_->on_runtime(
        [&] { return core_->locks().is_owner(hold_->lease, core_->operation_deadline()); });
}

bool Lock::heartbeat() {
    if (!acquired()) return false;
    return core_->on_runtime([&] { return core_->renew(*hold_); });
}

bool Lock::acquired() const noexcept { return hold_ && hold_->believed(); }
std::uint64_t Lock::token() const noexcept { return last_ ? last_->token : 0; }
TimePoint Lock::believed_until() const noexcept {
    return last_ ? last_->believed_until() : TimePoint::min();
}

LockGuard::LockGuard(Lock& lock) : lock_(lock) {
    if (!lock_.acquire()) throw LockAcquireFailed("Acquiring lock " + lock_.name() + " failed");
}

LockGuard::~LockGuard() { lock_.abandon(); }

}  // namespace conclave
