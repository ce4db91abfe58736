#include "conclave/validity.hpp"

#include <algorithm>

#include "client_core.hpp"
#include "conclave/fiber.hpp"

namespace conclave {

using detail::ClientCore;
using detail::Hold;

bool Validity::valid() const noexcept { return hold_ && hold_->believed(); }

Duration Validity::safe_for() const noexcept {
    if (!hold_) return Duration::zero();
    if (!hold_->lapses()) return Duration::max();
    return std::max(Duration::zero(), hold_->believed_until() - hold_->clock.now());
}

TimePoint Validity::until() const noexcept {
    return hold_ ? hold_->believed_until() : TimePoint::min();
}

bool Validity::wait_lost(Duration limit) const {
    if (!valid()) return true;
    const std::shared_ptr<ClientCore> core = hold_->core.lock();
    if (!core) return true;
    const Deadline deadline = core->runtime().after(limit);
    try {
        core->on_runtime([&] { hold_->ended.wait(deadline); });
    } catch (const Cancelled&) {
        return true;  // the runtime has stopped
    }
    return !valid();
}

Handle::Handle(std::shared_ptr<ClientCore> core, std::shared_ptr<Hold> hold)
    : core_(std::move(core)), hold_(std::move(hold)) {}

Handle::~Handle() { abandon(); }

Handle& Handle::operator=(Handle&& other) noexcept {
    if (this == &other) return *this;
    abandon();
    core_ = std::move(other.core_);
    hold_ = std::move(other.hold_);
    return *this;
}

void Handle::abandon() noexcept {
    if (!hold_) return;
    const detail::Fiber* const fiber = detail::running_fiber();
    if (fiber && fiber->killed) return;  // a process that dies sends no farewell
    // Not a shared pointer to the core: its last one must not go on the runtime's own thread, and what
    // is posted now runs before anything that ends it. False when the runtime is gone: then it lapses.
    core_->post([core = core_.get(), hold = std::exchange(hold_, nullptr)] {
        core->give_up_later(hold);
    });
}

bool Handle::give_up() {
    if (!hold_) return false;
    const std::shared_ptr<Hold> hold = std::exchange(hold_, nullptr);
    return core_->on_runtime(
        [&] { return core_->give_up(hold, core_->operation_deadline()); });
}

std::string Handle::name() const { return hold_ ? hold_->lease.name : std::string(); }
std::uint64_t Handle::token() const noexcept { return hold_ ? hold_->token : 0; }
std::stop_token Handle::stop_token() const noexcept {
    return hold_ ? hold_->lost_signal.get_token() : std::stop_token();
}

}  // namespace conclave
