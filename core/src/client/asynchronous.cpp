// The operations of the handle face, as bodies for fibers of the client's own loop.

#include "conclave/asynchronous.hpp"

#include "acquisition.hpp"
#include "group_watch_core.hpp"

namespace conclave::detail {

namespace {

/// For objects that live no longer than one operation.
std::shared_ptr<ClientCore> borrow(ClientCore& core) { return {std::shared_ptr<void>(), &core}; }

/// Throws when nobody is left who could own what the operation brings.
std::shared_ptr<ClientCore> owner(ClientCore& core) {
    auto owned = core.weak_from_this().lock();
    if (!owned) throw Cancelled("the client has ended", Effect::unknown);
    return owned;
}

/// Null when `limit` passed first.
std::shared_ptr<Hold> take(ClientCore& core, HoldKind kind, const std::string& name,
                           Duration limit, Interrupt& interrupt) {
    const bool once = limit <= Duration::zero();
    const Deadline deadline = once ? core.operation_deadline() : core.runtime().after(limit);
    auto taken = Acquisition(core, kind, name, &interrupt).run(deadline, once);
    if (taken) core.hand_out(taken);
    return taken;
}

/// Until the hold has ended or `deadline`.
void wait_ended(Hold& hold, Deadline deadline, Interrupt& interrupt) {
    Latch over(interrupt.scheduler());
    const Interrupt::Waking waking(&interrupt, [&] { over.set(); });
    const std::stop_callback lost(hold.lost_signal.get_token(), [&] { over.set(); });
    over.wait(deadline);
}

}  // namespace

AsyncWork<std::vector<GroupId>> Asynchronous::groups(const Client& client) {
    return {client.core_, [](ClientCore& core, Interrupt&) { return Client(borrow(core)).groups(); }};
}

AsyncWork<Remarks> Asynchronous::examine(const Client& client) {
    return {client.core_,
            [](ClientCore& core, Interrupt&) { return Client(borrow(core)).examine(); }};
}

AsyncWork<StopReport> Asynchronous::stop(const Client& client, Duration limit) {
    return {client.core_,
            [limit](ClientCore& core, Interrupt&) { return Client(borrow(core)).stop(limit); },
            Runs::stopping};
}

AsyncWork<std::optional<HeldLock>> Asynchronous::acquire_as(HoldKind kind, const Mutex& mutex,
                                                            Duration limit) {
    return {mutex.core_, [kind, name = mutex.name_, limit](ClientCore& core, Interrupt& interrupt) {
                auto hold = take(core, kind, name.bytes(), limit, interrupt);
                if (!hold) return std::optional<HeldLock>();
                HeldLock held(borrow(core), std::move(hold));
                held.core_ = owner(core);
                return std::optional<HeldLock>(std::move(held));
            }};
}

AsyncWork<std::optional<HeldLock>> Asynchronous::acquire_for(const Mutex& mutex, Duration limit) {
    return acquire_as(HoldKind::lock, mutex, limit);
}

AsyncWork<std::optional<HeldLock>> Asynchronous::acquire_shared_for(const Mutex& mutex,
                                                                    Duration limit) {
    return acquire_as(HoldKind::shared_lock, mutex, limit);
}

AsyncWork<HeldLock> Asynchronous::acquire(const Mutex& mutex) {
    return {mutex.core_,
            [wait = acquire_for(mutex, Duration::max()).run](
                ClientCore& core, Interrupt& interrupt) { return *wait(core, interrupt); }};
}

AsyncWork<bool> Asynchronous::break_lock(const Mutex& mutex) {
    return {mutex.core_, [name = mutex.name_](ClientCore& core, Interrupt&) {
                return Mutex(borrow(core), name).break_lock();
            }};
}

AsyncWork<std::optional<Holder>> Asynchronous::holder(const Mutex& mutex) {
    return {mutex.core_, [name = mutex.name_](ClientCore& core, Interrupt&) {
                return Mutex(borrow(core), name).holder();
            }};
}

AsyncWork<bool> Asynchronous::break_holder(const Mutex& mutex, const Holder& holder) {
    return {mutex.core_, [name = mutex.name_, holder](ClientCore& core, Interrupt&) {
                return Mutex(borrow(core), name).break_holder(holder);
            }};
}

AsyncWork<std::optional<Leadership>> Asynchronous::campaign_for(const Election& election,
                                                                Duration limit) {
    return {election.core_, [group = election.group_, limit](ClientCore& core,
                                                             Interrupt& interrupt) {
                auto hold = take(core, HoldKind::leadership, group.bytes(), limit, interrupt);
                if (!hold) return std::optional<Leadership>();
                Leadership leads(borrow(core), std::move(hold));
                leads.core_ = owner(core);
                return std::optional<Leadership>(std::move(leads));
            }};
}

AsyncWork<Leadership> Asynchronous::campaign(const Election& election) {
    return {election.core_,
            [wait = campaign_for(election, Duration::max()).run](
                ClientCore& core, Interrupt& interrupt) { return *wait(core, interrupt); }};
}

AsyncWork<Leader> Asynchronous::leader(const Election& election) {
    return {election.core_, [group = election.group_](ClientCore& core, Interrupt&) {
                return Election(borrow(core), group).leader();
            }};
}

bool Asynchronous::is_started(const Election& election) { return election.core_->is_started(); }

AsyncWork<bool> Asynchronous::wait_lost(const Validity& validity, Duration limit) {
    auto client = validity.hold_ ? validity.hold_->core.lock() : nullptr;
    if (!client || !validity.valid()) return {nullptr, {}, Runs::after_stop_too, true};
    auto wait = [hold = validity.hold_, limit](ClientCore& core, Interrupt& interrupt) {
        if (core.is_started()) wait_ended(*hold, core.runtime().after(limit), interrupt);
        const bool lost = !hold->believed() || !core.is_started();
        if (!lost && interrupt.requested()) throw Cancelled("waiting for the loss of a hold");
        return lost;
    };
    return {std::move(client), std::move(wait), Runs::after_stop_too};
}

AsyncWork<bool> Asynchronous::give_up(Handle&& handle) {
    // Whatever becomes of the operation, the hold is given up.
    struct Owed : Handle {
        Owed(std::shared_ptr<ClientCore> core, std::shared_ptr<Hold> hold)
            : Handle(std::move(core), std::move(hold)) {}
        std::shared_ptr<Hold> take() { return std::exchange(hold_, nullptr); }
    };
    if (!handle.hold_) return {nullptr, {}, Runs::after_stop_too, false};
    auto client = std::exchange(handle.core_, nullptr);
    auto owed = std::make_shared<Owed>(borrow(*client), std::exchange(handle.hold_, nullptr));
    return {std::move(client),
            [owed](ClientCore& core, Interrupt&) {
                const auto hold = owed->take();
                return hold && core.give_up(hold, core.operation_deadline());
            },
            Runs::after_stop_too};
}

}  // namespace conclave::detail
