// What one place was given, the others see.

#include <algorithm>

#include "conclave/properties/distributed.hpp"
#include "conclave/properties/silence.hpp"
#include "standing.hpp"
#include "text.hpp"

namespace conclave::properties {

namespace {

class Visibility {
public:
    Visibility(const Calls& history, const std::map<TextId, TextId>& place_of)
        : history_(history), place_of_(place_of) {}

    Verdict run(Model model, std::int64_t from_ns) {
        verdict_ = held_or_undecided(property, 0);
        for (std::uint32_t i = 0; i < history_.calls.size(); ++i) {
            const Call& call = history_.calls[i];
            const bool given = gives(call) && call.status == Status::ok && call.agreed;
            if (!given || call.call_ns < from_ns) continue;
            for (std::uint32_t other = 0; other < history_.calls.size(); ++other)
                look(model, i, other);
        }
        if (verdict_.outcome != Outcome::violated) verdict_ = held_or_undecided(property, cases_);
        verdict_.cases = cases_;
        return std::move(verdict_);
    }

private:
    static constexpr const char* property = "visibility";

    /// Until when what `given` gave is there for certain.
    std::int64_t end_of(std::uint32_t given) {
        if (const auto known = ends_.find(given); known != ends_.end()) return known->second;
        const Call& hold = history_.calls[given];
        std::int64_t end_ns = never_ns, lease_ns = lease_of(hold);
        std::vector<const Call*> renewals;
        for (const Call& call : history_.calls) {
            const bool about = call.object == hold.object && call.argument == hold.argument &&
                               call.status != Status::failed;
            if (!about) continue;
            if (takes(call) && call.call_ns >= hold.call_ns)
                end_ns = std::min(end_ns, call.call_ns);
            const bool renews = call.action == Action::renew || gives(call);
            if (renews && call.status == Status::ok && call.agreed) renewals.push_back(&call);
        }
        std::ranges::sort(renewals, {}, [](const Call* call) { return call->call_ns; });
        for (const Call* renewal : renewals)
            if (renewal->call_ns >= hold.call_ns && renewal->return_ns < lease_ns)
                lease_ns = std::max(lease_ns, lease_of(*renewal));
        return ends_[given] = std::min(end_ns, lease_ns);
    }

    static std::int64_t lease_of(const Call& call) {
        return call.ttl_ns == 0 ? never_ns : call.call_ns + call.ttl_ns;
    }

    TextId place(const Call& call) const {
        const auto found = place_of_.find(call.session);
        return found == place_of_.end() ? call.session : found->second;
    }

    void look(Model model, std::uint32_t given, std::uint32_t other) {
        const Call &hold = history_.calls[given], &call = history_.calls[other];
        const bool reads = reads_holders(model, call);
        if (call.object != hold.object || (!reads && call.action != Action::acquire)) return;
        if (call.status != Status::ok || call.call_ns <= hold.return_ns) return;
        if (place(call) == place(hold) || call.return_ns >= end_of(given)) return;
        ++cases_;
        const Held held{hold.object, hold.argument, given};
        const bool seen = reads ? lists(history_, call, held) : !call.agreed;
        if (seen || verdict_.outcome == Outcome::violated) return;
        verdict_ = violated(property, history_.text(hold.object), call.return_ns,
                            "another place did not see " + describe(history_, given) + ": " +
                                describe(history_, other),
                            cases_);
    }

    const Calls& history_;
    const std::map<TextId, TextId>& place_of_;
    std::map<std::uint32_t, std::int64_t> ends_;
    std::uint64_t cases_ = 0;
    Verdict verdict_;
};

}  // namespace

Verdict check_visibility(const Calls& history, Model model,
                         const std::map<TextId, TextId>& place_of, std::int64_t from_ns) {
    return Visibility(history, place_of).run(model, from_ns);
}

}  // namespace conclave::properties
