#include "client_core.hpp"

#include "conclave/assert.hpp"
#include "conclave/fiber.hpp"

namespace conclave::detail {

namespace {
template <class Facet>
Facet& require_facet(Facet* facet, const char* what) {
    if (!facet) throw NotImplemented(std::string("this backend has no ") + what);
    return *facet;
}
}  // namespace

ClientState::ClientState(Gate& gate, std::unique_ptr<Driver> driver, std::string member_id,
                         ClientTimes times, std::vector<Requirement> requirements)
    : gate_(gate),
      driver_(std::move(driver)),
      member_id_(std::move(member_id)),
      times_(times),
      requirements_(std::move(requirements)),
      callbacks_(std::make_shared<Callbacks>(gate.runtime().scheduler)),
      calls_(gate.runtime().scheduler),
      heart_turn_(gate.runtime().scheduler),
      heart_ended_(gate.runtime().scheduler),
      stopping_(gate.runtime().scheduler),
      stopped_(gate.runtime().scheduler),
      membership_turn_(gate.runtime().scheduler) {
    stopping_.set();
    stopped_.set();
}

// Whoever made it has stopped it, except in a simulated process that died.
ClientCore::~ClientCore() {
    const Fiber* const fiber = running_fiber();
    CONCLAVE_ASSERT(!started_ || (fiber && fiber->killed), "stop() the client first");
    callbacks_->cancel();  // what outlives the client
}

Groups& ClientCore::groups() { return require_facet(driver_->groups(), "groups"); }
Elections& ClientCore::elections() { return require_facet(driver_->elections(), "elections"); }
Locks& ClientCore::locks(HoldKind kind) {
    if (kind == HoldKind::shared_lock)
        return require_facet(driver_->shared_locks(), "shared locks");
    return require_facet(driver_->locks(), "locks");
}

void ClientCore::require_started() const {
    if (!started_) throw Error("the client of " + member_id_ + " is not started");
}

void ClientCore::observe(Event::Severity severity, std::string_view name,
                         const std::string& detail) {
    runtime().observer.event({severity, "client", name, detail});
}

}  // namespace conclave::detail
