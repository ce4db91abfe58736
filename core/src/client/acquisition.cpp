#include "acquisition.hpp"

#include <algorithm>

#include "conclave/jitter.hpp"

namespace conclave::detail {

namespace {
bool is_passing(ErrorCode code) {
    return code == ErrorCode::connection || code == ErrorCode::timed_out;
}
}  // namespace

Acquisition::Acquisition(ClientCore& core, HoldKind kind, std::string name,
                         Interrupt* interrupt)
    : core_(core),
      kind_(kind),
      name_(std::move(name)),
      owner_(kind == HoldKind::leadership ? core.elections().new_owner()
                                          : core.locks(kind).new_owner()),
      interrupt_(interrupt) {}

Acquisition::~Acquisition() {
    if (doubtful_) core_.undo_later(kind_, {name_, owner_, 0, {}}, true);
}

std::shared_ptr<Hold> Acquisition::run(Deadline deadline, bool once) {
    core_.require_started();
    do {
        std::optional<Lease> lease = attempt(deadline);
        check_stop();
        check_interrupt();
        if (!lease) continue;
        doubtful_ = false;
        std::shared_ptr<Hold> hold = core_.keep(kind_, std::move(*lease));
        hold->repeated = repeated_;
        return hold;
    } while (!once && pause(deadline));
    if (failure_) std::rethrow_exception(failure_);
    return nullptr;
}

std::optional<Lease> Acquisition::ask(Deadline deadline) {
    return kind_ == HoldKind::leadership ? core_.elections().try_lead(name_, owner_, deadline)
                                         : core_.locks(kind_).try_acquire(name_, owner_, deadline);
}

// What may go away by itself is kept, not thrown: the next attempt finds out what became of it.
std::optional<Lease> Acquisition::attempt(Deadline deadline) {
    const Deadline bound = std::min(deadline, core_.operation_deadline());
    failure_ = nullptr;
    try {
        std::optional<Lease> lease = ask(bound);
        refused_ = refused_ || !lease;
        if (!lease) return std::nullopt;
        doubtful_ = true;  // until it is kept
        if (core_.runtime().clock.now() >= lease->belief_until) return std::nullopt;
        return lease;
    } catch (const Error& error) {
        repeated_ = repeated_ || error.effect() == Effect::unknown;
        doubtful_ = doubtful_ || repeated_;
        if (!is_passing(error.error_code())) throw;
        // Out of time before anything was sent: what the backend said last still stands.
        const bool unsent = error.effect() == Effect::none &&
                            deadline.passed(core_.runtime().clock.now());
        if (!refused_ || !unsent) failure_ = std::current_exception();
        return std::nullopt;
    }
}

void Acquisition::check_stop() {
    if (core_.stopping().is_set()) throw Cancelled("the client stopped while waiting for " + name_);
}

// False when the deadline leaves no room for another attempt.
bool Acquisition::pause(Deadline deadline) {
    follow();
    if (hints_) return wait_for_hint(deadline);
    Runtime& runtime = core_.runtime();
    const Deadline next = runtime.after(jittered(runtime.random, core_.times().poll));
    if (next >= deadline) return false;
    // Who can be interrupted is interrupted when the client stops, too.
    check_wake(interrupt_ ? interrupt_->wait(next) : core_.stopping().wait(next));
    return true;
}

// From the first refusal on: what nobody else holds is taken without it.
void Acquisition::follow() {
    Changes* const changes = core_.driver().changes();
    if (!changes || hints_) return;
    hints_.emplace(core_, *changes,
                   kind_ == HoldKind::leadership ? Changes::Kind::leadership : Changes::Kind::lock,
                   name_);
}

bool Acquisition::wait_for_hint(Deadline deadline) {
    const Deadline next = std::min(hints_->next_look(deadline), deadline);
    const Wake wake = hints_->wait(next, interrupt_);
    check_wake(wake);
    return next < deadline || wake == Wake::notified;
}

void Acquisition::check_wake(Wake wake) {
    if (wake == Wake::cancelled) throw Cancelled("waiting for " + name_);
    check_stop();
    check_interrupt();
}

void Acquisition::check_interrupt() {
    if (!interrupt_ || !interrupt_->requested()) return;
    const Effect effect = withdraw();
    throw Cancelled("waiting for " + name_ + " was cancelled", effect);
}

// Awaited, so that whoever cancelled knows what is left behind.
Effect Acquisition::withdraw() {
    if (!doubtful_) return Effect::none;
    try {
        core_.give_back(kind_, {name_, owner_, 0, {}}, core_.operation_deadline());
        doubtful_ = false;
        return Effect::none;
    } catch (const Error&) {
        return Effect::unknown;  // tried once more as this goes
    }
}

}  // namespace conclave::detail
