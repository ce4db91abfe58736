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

HeldLock Mutex::acquire() { return *wait_for(HoldKind::lock, Deadline::never(), false); }

Result<HeldLock> Mutex::try_acquire() {
    return attempt([&] { return acquire(); });
}

std::optional<HeldLock> Mutex::acquire_for(Duration limit) {
    return wait_for(HoldKind::lock, core_->runtime().after(limit), limit <= Duration::zero());
}

std::optional<HeldLock> Mutex::acquire_shared_for(Duration limit) {
    return wait_for(HoldKind::shared_lock, core_->runtime().after(limit),
                    limit <= Duration::zero());
}

Result<std::optional<HeldLock>> Mutex::try_acquire_shared_for(Duration limit) {
    return attempt([&] { return acquire_shared_for(limit); });
}

Result<std::optional<HeldLock>> Mutex::try_acquire_for(Duration limit) {
    return attempt([&] { return acquire_for(limit); });
}

std::optional<HeldLock> Mutex::wait_for(HoldKind kind, Deadline deadline, bool once) {
    std::shared_ptr<detail::Hold> hold = core_->on_runtime([&] {
        const Deadline bound = once ? core_->operation_deadline() : deadline;
        auto taken = detail::Acquisition(*core_, kind, name_.bytes()).run(bound, once);
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

std::optional<Holder> Mutex::holder() {
    return core_->on_runtime([&] {
        core_->require_started();
        return core_->locks().holder(name_.bytes(), core_->operation_deadline());
    });
}

Result<std::optional<Holder>> Mutex::try_holder() {
    return attempt([&] { return holder(); });
}

bool Mutex::break_holder(const Holder& holder) {
    return core_->on_runtime([&] {
        core_->require_started();
        return core_->locks().break_holder(name_.bytes(), holder, core_->operation_deadline());
    });
}

Result<bool> Mutex::try_break_holder(const Holder& holder) {
    return attempt([&] { return break_holder(holder); });
}

}  // namespace conclave
