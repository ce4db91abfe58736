#include <algorithm>
#include <utility>

#include "flat_table.hpp"
#include "monitors.hpp"
#include "refusals.hpp"
#include "zones.hpp"

namespace conclave::properties {

namespace {

/// A hold: acquired, renewed, and ended by a release or by its lease.
struct HeldSpan {
    std::uint32_t acquire = nobody;
    std::uint32_t last_lease = nobody;  ///< the acquire or renewal whose lease runs
    std::uint32_t release = nobody;     ///< a known one, or one of unknown outcome that must have been
    bool lease_ended = false;
    Zone zone;
};

class HoldsMonitor {
public:
    HoldsMonitor(const Calls& history, Model model, std::span<const std::uint32_t> which)
        : history_(history), model_(model), which_(which) {}

    Finding run(const CheckOptions& options) {
        Finding unsure;
        unsure.method = "holds";
        if (!gather(options.strict)) return unsure;
        if (contradiction_.outcome == Outcome::violated) return contradiction_;
        std::vector<Zone> zones;
        zones.reserve(holds_.size());
        for (std::uint32_t i = 0; i < holds_.size(); ++i) {
            holds_[i].zone.payload = i;
            zones.push_back(holds_[i].zone);
        }
        if (const auto conflict = arrange(zones)) return crossing(conflict->first, conflict->second);
        Indices updates;
        for (const Zone& zone : zones) append(holds_[zone.payload], updates);
        if (!observed_ && !has_instants(history_, which_)) {
            unsure.outcome = Outcome::held;
            unsure.witness = std::move(updates);
            return unsure;
        }
        const MakeOrder order = [&](const Program& program) {
            return real_time_order(history_, program);
        };
        return judge_by_order(history_, model_, which_, order, updates, options, "holds");
    }

private:
    const Call& at(std::uint32_t index) const { return history_.calls[index]; }

    /// The calls of one owner, one after the other, and the hold that is open.
    struct Owner {
        std::uint32_t last = nobody;         ///< its latest known call
        std::int64_t last_call_ns = INT64_MIN;
        bool open = false;
        HeldSpan hold;
        Indices maybe_released;              ///< releases of unknown outcome, not used yet
        bool maybe_acquired = false;         ///< an acquire of unknown outcome came before
        std::int64_t maybe_lapse_ns = never_ns;  ///< the earliest end by an unknown renewal
        std::uint32_t last_release = nobody;
    };

    bool gather(bool strict) {
        Indices by_call;
        const std::vector<bool> excused = strict ? std::vector<bool>(which_.size(), false)
                                                 : excused_refusals(history_, which_);
        for (std::size_t i = 0; i < which_.size(); ++i) {
            const std::uint32_t index = which_[i];
            const Call& call = at(index);
            if (call.status == Status::failed) continue;
            if (call.action == Action::expire && model_ != Model::mutex) return false;
            const bool observes = call.action == Action::read ||
                                  (call.status == Status::ok && !call.agreed);
            observed_ |= observes && call.status == Status::ok && !excused[i];
            if (!observes && call.action != Action::expire) by_call.push_back(index);
        }
        if (!each_owner_in_order(by_call))
            std::sort(by_call.begin(), by_call.end(), [&](std::uint32_t a, std::uint32_t b) {
                return std::pair(at(a).call_ns, a) < std::pair(at(b).call_ns, b);
            });
        for (const std::uint32_t index : by_call) {
            Owner& mine = owner(index);
            if (!follows(mine.last, index)) return false;
            if (at(index).status == Status::ok) mine.last = index;
        }
        for (const std::uint32_t index : by_call) {
            if (!add(owner(index), index)) return false;
            if (contradiction_.outcome == Outcome::violated) return true;
        }
        for (Owner& each : owners_)
            if (each.open && !end_somehow(each, true)) return false;
        return true;
    }

    Owner& owner(std::uint32_t index) {
        const auto next = static_cast<std::uint32_t>(owners_.size());
        const std::uint32_t found = numbers_.find_or_add(at(index).argument, next);
        if (found == next) owners_.emplace_back();
        return owners_[found];
    }

    bool each_owner_in_order(const Indices& calls) {
        for (const std::uint32_t index : calls) {
            Owner& mine = owner(index);
            if (at(index).call_ns < mine.last_call_ns) return false;
            mine.last_call_ns = at(index).call_ns;
        }
        return true;
    }

    /// Whether `index` surely comes after the owner's known call before it.
    bool follows(std::uint32_t before, std::uint32_t index) const {
        if (before == nobody) return true;
        return precedes(at(before), at(index)) ||
               precedes_in_session(history_.calls, before, index);
    }

    bool add(Owner& owner, std::uint32_t index) {
        const Call& call = at(index);
        const bool known = call.status == Status::ok;
        // After an acquire of unknown outcome nobody can tell which hold a later call was about.
        if (known && owner.maybe_acquired) return false;
        if (call.action == Action::acquire) {
            if (!known) return owner.maybe_acquired = true;
            return acquire(owner, index);
        }
        if (!known) {
            if (call.action == Action::release) owner.maybe_released.push_back(index);
            if (call.action == Action::renew && call.ttl_ns > 0 && model_ != Model::mutex)
                owner.maybe_lapse_ns = std::min(owner.maybe_lapse_ns, call.call_ns + call.ttl_ns);
            return true;
        }
        if (!owner.open) return unheld(owner, index);
        widen(owner.hold.zone, index);
        if (call.action == Action::renew) {
            observed_ |= model_ == Model::mutex;
            owner.hold.last_lease = index;
            if (model_ != Model::mutex) renewals_.emplace_back(owner.hold.acquire, index);
            return true;
        }
        owner.hold.release = index;
        owner.last_release = index;
        close(owner);
        return true;
    }

    bool acquire(Owner& owner, std::uint32_t index) {
        if (owner.open && !end_somehow(owner, false)) return false;
        if (owner.open) {
            contradiction_ =
                violated_by(history_, "holds", "acquired again without having been released",
                            {owner.hold.acquire, index});
            return true;
        }
        owner.open = true;
        owner.hold = HeldSpan{};
        owner.hold.acquire = owner.hold.last_lease = index;
        owner.hold.zone = {never_ns, INT64_MIN, nobody, nobody, 0};
        widen(owner.hold.zone, index);
        return true;
    }

    bool unheld(const Owner& owner, std::uint32_t index) {
        Indices calls;
        if (owner.last_release != nobody) calls.push_back(owner.last_release);
        calls.push_back(index);
        contradiction_ = violated_by(history_, "holds", "not held by its owner then", calls);
        return true;
    }

    /// Ends a hold that nobody is known to have released: by a release of unknown outcome or by the
    /// end of its lease, whichever could be earlier. False when the owner's next hold may need the
    /// very release that this one would take, or a renewal of unknown outcome may have shortened it.
    bool end_somehow(Owner& owner, bool last) {
        HeldSpan& hold = owner.hold;
        const Call& lease = at(hold.last_lease);
        const bool leased = model_ != Model::mutex && lease.ttl_ns > 0;
        const std::int64_t lapse_ns = leased ? lease.call_ns + lease.ttl_ns : never_ns;
        const bool released = !owner.maybe_released.empty();
        const std::int64_t release_ns =
            released ? at(owner.maybe_released.front()).call_ns : never_ns;
        if (released && leased && release_ns < lapse_ns && !last) return false;
        if (owner.maybe_lapse_ns < std::min(lapse_ns, release_ns)) return false;
        if (released && release_ns < lapse_ns) {
            hold.release = owner.maybe_released.front();
            owner.maybe_released.erase(owner.maybe_released.begin());
            widen(hold.zone, hold.release);
        } else if (leased) {
            hold.lease_ended = true;
            if (lapse_ns > hold.zone.last_call_ns) {
                hold.zone.last_call_ns = lapse_ns;
                hold.zone.last_call = hold.last_lease | lease_end;
            }
        } else if (last) {
            hold.zone.last_call_ns = never_ns;  // held to the end
            hold.zone.last_call = hold.acquire;
        } else {
            return true;  // still open
        }
        close(owner);
        return true;
    }

    void close(Owner& owner) {
        holds_.push_back(owner.hold);
        owner.open = false;
    }

    void widen(Zone& zone, std::uint32_t index) const {
        const Call& call = at(index);
        const std::int64_t return_ns = call.status == Status::ok ? call.return_ns : never_ns;
        if (return_ns < zone.first_return_ns) {
            zone.first_return_ns = return_ns;
            zone.first_return = index;
        }
        if (call.call_ns > zone.last_call_ns) {
            zone.last_call_ns = call.call_ns;
            zone.last_call = index;
        }
    }

    void append(const HeldSpan& hold, Indices& updates) {
        if (!renewals_sorted_) std::sort(renewals_.begin(), renewals_.end());
        renewals_sorted_ = true;
        updates.push_back(hold.acquire);
        auto renewal = std::lower_bound(renewals_.begin(), renewals_.end(),
                                        std::pair(hold.acquire, 0U));
        for (; renewal != renewals_.end() && renewal->first == hold.acquire; ++renewal)
            updates.push_back(renewal->second);
        if (hold.release != nobody) updates.push_back(hold.release);
        if (hold.lease_ended) updates.push_back(hold.last_lease | lease_end);
    }

    Finding crossing(const Zone& one, const Zone& two) const {
        Indices calls;
        for (const Zone* zone : {&one, &two}) {
            const HeldSpan& hold = holds_[zone->payload];
            for (const std::uint32_t index :
                 {hold.acquire, hold.release, zone->first_return, zone->last_call})
                if (index != nobody && std::find(calls.begin(), calls.end(), index) == calls.end())
                    calls.push_back(index);
        }
        return violated_by(history_, "holds", "two holds at one time", calls);
    }

    const Calls& history_;
    Model model_;
    std::span<const std::uint32_t> which_;
    NumberTable numbers_;
    std::vector<Owner> owners_;
    std::vector<HeldSpan> holds_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> renewals_;  ///< (acquire, renewal)
    bool renewals_sorted_ = false;
    bool observed_ = false;
    Finding contradiction_;
};

}  // namespace

Finding monitor_holds(const Calls& history, Model model, std::span<const std::uint32_t> which,
                      const CheckOptions& options) {
    return HoldsMonitor(history, model, which).run(options);
}

}  // namespace conclave::properties
