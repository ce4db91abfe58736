#include "always.hpp"

#include <algorithm>

namespace conclave::oracle {

using properties::Action;
using properties::Call;
using properties::Calls;
using properties::History;
using properties::Hold;
using properties::Model;
using properties::Silence;
using properties::Status;

namespace {

/// Whether `wrong` says so of any two, in either order.
template <class Value, class Wrong>
bool any_pair(const std::vector<Value>& values, Wrong wrong) {
    for (std::size_t i = 0; i < values.size(); ++i)
        for (std::size_t j = 0; j < values.size(); ++j)
            if (i != j && wrong(values[i], values[j])) return true;
    return false;
}

bool believed_at(const Hold& hold, std::int64_t at_ns) {
    return hold.begin_ns <= at_ns && at_ns < hold.end_ns;
}

}  // namespace

bool two_holders(const std::vector<Hold>& holds) {
    return any_pair(holds, [](const Hold& a, const Hold& b) {
        return a.object == b.object && b.begin_ns < b.end_ns && believed_at(a, b.begin_ns);
    });
}

bool tokens_do_not_grow(const std::vector<Hold>& holds) {
    return any_pair(holds, [](const Hold& a, const Hold& b) {
        if (a.object != b.object || a.token == 0 || b.token == 0) return false;
        return a.token == b.token || (a.begin_ns < b.call_ns && a.token > b.token);
    });
}

bool fence_let_through(const std::vector<properties::ResourceAccess>& accesses) {
    for (std::size_t later = 0; later < accesses.size(); ++later)
        for (std::size_t earlier = 0; earlier < later; ++earlier) {
            const auto &one = accesses[earlier], &two = accesses[later];
            if (!one.accepted || !two.accepted || one.object != two.object) continue;
            if (one.token > two.token) return true;
            if (one.token == two.token && one.holder != two.holder) return true;
        }
    return false;
}

bool missed_member(const History& history) {
    for (const auto& read : history.reads)
        for (const auto& presence : history.presences) {
            if (presence.group != read.group || presence.begin_ns > read.call_ns) continue;
            if (presence.end_ns <= read.return_ns) continue;
            if (read.members.count(presence.member) == 0) return true;
        }
    return false;
}

bool ghost_member(const History& history, std::int64_t bound_ns) {
    for (const auto& read : history.reads)
        for (const auto& departure : history.departures) {
            if (departure.group != read.group || departure.back_ns <= read.return_ns) continue;
            if (read.call_ns - departure.silent_ns <= bound_ns) continue;
            if (read.members.count(departure.member) == 1) return true;
        }
    return false;
}

namespace {

bool ends_it(const Call& call) {
    return call.action == Action::release || call.action == Action::leave ||
           call.action == Action::expire;
}

/// Whether call `index` gave the silent session something that nobody had asked to end before the
/// pause.
bool had_for_certain(const Calls& history, std::size_t index, const Silence& pause) {
    const Call& given = history.calls[index];
    const bool gives = given.action == Action::acquire || given.action == Action::join;
    if (!gives || given.session != pause.session || given.status != Status::ok) return false;
    if (!given.agreed || given.return_ns >= pause.begin_ns) return false;
    for (std::size_t i = 0; i < history.calls.size(); ++i) {
        const Call& other = history.calls[i];
        const bool same = other.object == given.object && other.argument == given.argument;
        const bool after =
            other.call_ns > given.call_ns || (other.call_ns == given.call_ns && i > index);
        if (same && after && ends_it(other) && other.status != Status::failed &&
            other.call_ns < pause.begin_ns)
            return false;
    }
    return true;
}

bool shows_loss(const Calls& history, Model model, const Call& given, const Call& seen) {
    if (seen.action == Action::acquire) return seen.agreed;
    const auto leads = given.second != 0 ? given.second : given.argument;
    if (seen.action == Action::read) return model == Model::leader && seen.result != leads;
    if (seen.action != Action::members) return false;
    const auto members = history.list(seen.result);
    return std::find(members.begin(), members.end(), given.argument) == members.end();
}

bool another_saw_loss(const Calls& history, Model model, const Call& given, const Silence& pause) {
    return std::any_of(history.calls.begin(), history.calls.end(), [&](const Call& call) {
        return call.session != pause.session && call.object == given.object &&
               call.status == Status::ok && call.call_ns >= pause.begin_ns &&
               call.return_ns <= pause.end_ns && shows_loss(history, model, given, call);
    });
}

/// Its owner's first request about it after the pause is refused.
bool owner_was_refused(const Calls& history, const Call& given, const Silence& pause) {
    const Call* first = nullptr;
    for (const Call& call : history.calls) {
        const bool about = call.session == pause.session && call.object == given.object &&
                           call.argument == given.argument && call.call_ns >= pause.end_ns;
        if (!about || (!ends_it(call) && call.action != Action::renew)) continue;
        if (first == nullptr || call.call_ns < first->call_ns) first = &call;
    }
    return first != nullptr && first->status == Status::ok && !first->agreed;
}

}  // namespace

bool lost_by_silence(const Calls& history, Model model, const std::vector<Silence>& pauses,
                     std::int64_t timeout_ns) {
    for (const Silence& pause : pauses) {
        if (pause.end_ns - pause.begin_ns < 10 * timeout_ns) continue;
        for (std::size_t i = 0; i < history.calls.size(); ++i) {
            if (!had_for_certain(history, i, pause)) continue;
            const Call& given = history.calls[i];
            if (another_saw_loss(history, model, given, pause) ||
                owner_was_refused(history, given, pause))
                return true;
        }
    }
    return false;
}

}  // namespace conclave::oracle
