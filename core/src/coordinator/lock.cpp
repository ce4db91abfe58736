#include "conclave/lock.hpp"

#include <algorithm>
#include <exception>

#include "conclave/jitter.hpp"
#include "coordinator_core.hpp"

namespace conclave {

using detail::CoordinatorCore;
using detail::HeldLease;

namespace {

/// One acquisition: the same owner over all its attempts, so that a lost reply is recognised.
class Acquisition {
public:
    Acquisition(CoordinatorCore& core, const std::string& name)
        : core_(core), name_(name), owner_(core.locks().new_owner()) {}
    /// However it ends: what may still take effect is given back.
    ~Acquisition() {
        if (doubtful_) core_.undo_later({name_, owner_, 0, {}}, false);
    }
    Acquisition(const Acquisition&) = delete;
    Acquisition& operator=(const Acquisition&) = delete;

    /// Attempts until the lock is ours, `deadline` passes, or, with `once`, somebody else holds it.
    std::optional<Lease> run(Deadline deadline, bool once) {
        do {
            if (std::optional<Lease> lease = attempt(deadline)) return lease;
        } while (!once && pause(deadline));
        if (failure_) std::rethrow_exception(failure_);
        return std::nullopt;
    }

private:
    // What may go away by itself is kept, not thrown: the next attempt finds out what became of it.
    std::optional<Lease> attempt(Deadline deadline) {
        const Deadline bound = std::min(deadline, core_.operation_deadline());
        failure_ = nullptr;
        try {
            std::optional<Lease> lease = core_.locks().try_acquire(name_, owner_, bound);
            if (!lease) return std::nullopt;
            doubtful_ = core_.runtime().clock.now() >= lease->belief_until;
            return doubtful_ ? std::nullopt : lease;
        } catch (const Error& error) {
            doubtful_ = doubtful_ || error.effect() == Effect::unknown;
            if (!is_passing(error.error_code())) throw;
            failure_ = std::current_exception();
            return std::nullopt;
        }
    }

    static bool is_passing(ErrorCode code) {
        return code == ErrorCode::connection || code == ErrorCode::timed_out;
    }

    // False when the deadline leaves no room for another attempt.
    bool pause(Deadline deadline) {
        Runtime& runtime = core_.runtime();
        const Deadline next =
            runtime.after(jittered(runtime.random, core_.options().poll_interval));
        if (next >= deadline) return false;
        if (!sleep_until(runtime, next)) throw Cancelled("waiting for lock " + name_);
        return true;
    }

    CoordinatorCore& core_;
    const std::string& name_;
    const std::string owner_;
    bool doubtful_ = false;  ///< an attempt may have taken effect, or may still
    std::exception_ptr failure_;
};

}  // namespace

Lock::Lock(std::shared_ptr<CoordinatorCore> core, std::string name)
    : core_(std::move(core)), name_(std::move(name)) {}

Lock::~Lock() { drop_hold(); }

void Lock::drop_hold() noexcept {
    if (!hold_) return;
    try {
        core_->on_runtime([&] { core_->give_up_later(*hold_); });
    } catch (const std::exception&) {
        // The runtime is gone: the lease lapses at its ttl.
    }
    hold_.reset();
}

bool Lock::acquire(bool blocking) { return acquire_until(Deadline::never(), !blocking); }

bool Lock::acquire_for(Duration limit) {
    return acquire_until(core_->runtime().after(limit), false);
}

bool Lock::acquire_until(Deadline deadline, bool once) {
    return core_->on_runtime([&] {
        core_->require_started();
        std::optional<Lease> lease = Acquisition(*core_, name_).run(deadline, once);
        if (!lease) return false;
        last_ = hold_ = core_->keep(std::move(*lease), false);
        return true;
    });
}

bool Lock::release() {
    if (!hold_) return false;
    return core_->on_runtime([&] {
        const auto hold = std::exchange(hold_, nullptr);
        return core_->give_up(*hold, core_->operation_deadline());
    });
}

bool Lock::break_lock() {
    return core_->on_runtime(
        [&] { return core_->locks().break_lock(name_, core_->operation_deadline()); });
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

bool Lock::acquired() const noexcept { return hold_ && core_->believed(*hold_); }
std::uint64_t Lock::token() const noexcept { return last_ ? last_->lease.token : 0; }
TimePoint Lock::believed_until() const noexcept {
    return last_ ? TimePoint(Duration(last_->believed_until.load())) : TimePoint::min();
}

}  // namespace conclave
