#include "acquisition.hpp"

#include <algorithm>

#include "conclave/jitter.hpp"

namespace conclave::detail {

namespace {
bool is_passing(ErrorCode code) {
    return code == ErrorCode::connection || code == ErrorCode::timed_out;
}
}  // namespace

Acquisition::Acquisition(ClientCore& core, HoldKind kind, const std::string& name)
    : core_(core),
      kind_(kind),
      name_(name),
      owner_(kind == HoldKind::leadership ? core.elections().new_owner()
                                          : core.locks().new_owner()) {}

Acquisition::~Acquisition() {
    if (doubtful_) core_.undo_later(kind_, {name_, owner_, 0, {}});
}

std::shared_ptr<Hold> Acquisition::run(Deadline deadline, bool once) {
    core_.require_started();
    do {
        std::optional<Lease> lease = attempt(deadline);
        check_stop();
        if (!lease) continue;
        doubtful_ = false;
        return core_.keep(kind_, std::move(*lease));
    } while (!once && pause(deadline));
    if (failure_) std::rethrow_exception(failure_);
    return nullptr;
}

std::optional<Lease> Acquisition::ask(Deadline deadline) {
    return kind_ == HoldKind::leadership ? core_.elections().try_lead(name_, owner_, deadline)
                                         : core_.locks().try_acquire(name_, owner_, deadline);
}

// What may go away by itself is kept, not thrown: the next attempt finds out what became of it.
std::optional<Lease> Acquisition::attempt(Deadline deadline) {
    const Deadline bound = std::min(deadline, core_.operation_deadline());
    failure_ = nullptr;
    try {
        std::optional<Lease> lease = ask(bound);
        if (!lease) return std::nullopt;
        doubtful_ = true;  // until it is kept
        if (core_.runtime().clock.now() >= lease->belief_until) return std::nullopt;
        return lease;
    } catch (const Error& error) {
        doubtful_ = doubtful_ || error.effect() == Effect::unknown;
        if (!is_passing(error.error_code())) throw;
        failure_ = std::current_exception();
        return std::nullopt;
    }
}

void Acquisition::check_stop() {
    if (core_.stopping().is_set()) throw Cancelled("the client stopped while waiting for " + name_);
}

// False when the deadline leaves no room for another attempt.
bool Acquisition::pause(Deadline deadline) {
    Runtime& runtime = core_.runtime();
    const Deadline next = runtime.after(jittered(runtime.random, core_.times().poll));
    if (next >= deadline) return false;
    const Wake wake = core_.stopping().wait(next);
    if (wake == Wake::cancelled) throw Cancelled("waiting for " + name_);
    check_stop();
    return true;
}

}  // namespace conclave::detail
