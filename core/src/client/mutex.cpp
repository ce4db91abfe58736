#include "conclave/mutex.hpp"

#include "acquisition.hpp"

namespace conclave {

using detail::HoldKind;

Result<bool> HeldLock::try_release() {
    return attempt([&] { return release(); });
}

Mutex::Mutex(std::shared_ptr<detail::ClientCore> core, LockName name)
    : core_(std::move(core)), name_(std::move(name)) {
    if (name_.empty()) throw Error("Locks must be provided a name");
}

HeldLock Mutex::acquire() { return *wait_for(Deadline::never(), false); }

std::optional<HeldLock> Mutex::acquire_for(Duration limit) {
    return wait_for(core_->runtime().after(limit), limit <= Duration::zero());
}

Result<std::optional<HeldLock>> Mutex::try_acquire_for(Duration limit) {
    return attempt([&] { return acquire_for(limit); });
}

std::optional<HeldLock> Mutex::wait_for(Deadline deadline, bool once) {
    std::shared_ptr<detail::Hold> hold = core_->on_runtime([&] {
        const Deadline bound = once ? core_->operation_deadline() : deadline;
        auto taken = detail::Acquisition(*core_, HoldKind::lock, name_.bytes()).run(bound, once);
        if (taken) core_->hand_out(taken);
        return taken;
    });
    if (!hold) return std::nullopt;
    return HeldLock(core_, std::move(hold));
}

bool Mutex::break_lock() {
    return core_->on_runtime([&] {
        core_->require_started();
        return core_->locks().break_lock(name_.bytes(), core_->operation_deadline());
    });
}

Result<bool> Mutex::try_break_lock() {
    return attempt([&] { return break_lock(); });
}

}  // namespace conclave
