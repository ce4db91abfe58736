#include "oracle.hpp"

#include <algorithm>
#include <map>

#include "world.hpp"

namespace conclave::oracle {

namespace {

/// A call that may have to be placed, or the possible end of a lease.
struct Event {
    int call = 0;
    bool ends_lease = false;
    bool required = false;
    std::int64_t called = 0;
    std::int64_t returned = 0;  ///< only when required or an environment's
};

class Puzzle {
public:
    Puzzle(const Calls& history, Model model, bool strict)
        : history_(history), model_(model), strict_(strict) {
        for (int i = 0; i < static_cast<int>(history.calls.size()); ++i) add(i);
    }

    void order_by(Rule rule, const properties::PartitionWindow* window) {
        before_.assign(events_.size(), std::vector<bool>(events_.size(), false));
        for (std::size_t a = 0; a < events_.size(); ++a)
            for (std::size_t b = 0; b < events_.size(); ++b)
                if (a != b) before_[a][b] = must_precede(events_[a], events_[b], rule, window);
    }

    bool solve() {
        used_.assign(events_.size(), false);
        return solve_from(World{}, 0);
    }

    bool accepts(const std::vector<std::uint32_t>& witness, std::uint32_t lease_end) {
        used_.assign(events_.size(), false);
        World world;
        for (const std::uint32_t place : witness) {
            const auto found = std::find_if(events_.begin(), events_.end(), [&](const Event& event) {
                return event.call == static_cast<int>(place & ~lease_end) &&
                       event.ends_lease == ((place & lease_end) != 0);
            });
            if (found == events_.end()) return false;
            const auto number = static_cast<std::size_t>(found - events_.begin());
            if (used_[number] || !ready(number) || !take(world, *found)) return false;
            used_[number] = true;
        }
        return complete();
    }

private:
    const Call& at(int index) const { return history_.calls[static_cast<std::size_t>(index)]; }

    void add(int index) {
        const Call& call = at(index);
        if (call.status == Status::failed) return;
        if (call.action == Action::expire && model_ == Model::mutex) return;
        if (call.status == Status::unknown && !is_update(call, model_)) return;
        if (!strict_ && refused_acquire(call) && another_acquire_overlaps(index)) return;
        const bool known = call.status == Status::ok;
        events_.push_back({index, false, known, call.call_ns, call.return_ns});
        const bool leased = call.ttl_ns > 0 && has_leases(model_) && is_update(call, model_) &&
                            (call.action == Action::acquire || call.action == Action::renew ||
                             call.action == Action::join);
        if (leased) events_.push_back({index, true, false, call.call_ns + call.ttl_ns, 0});
    }

    static bool refused_acquire(const Call& call) {
        return call.action == Action::acquire && call.status == Status::ok && !call.agreed;
    }

    bool another_acquire_overlaps(int index) const {
        const Call& mine = at(index);
        for (int i = 0; i < static_cast<int>(history_.calls.size()); ++i) {
            const Call& other = at(i);
            if (i == index || other.action != Action::acquire || other.object != mine.object ||
                other.status == Status::failed)
                continue;
            const bool over = other.status == Status::ok && other.return_ns < mine.call_ns;
            if (!over && other.call_ns <= mine.return_ns) return true;
        }
        return false;
    }

    bool same_session(const Event& a, const Event& b) const {
        return !a.ends_lease && !b.ends_lease && at(a.call).action != Action::expire &&
               at(b.call).action != Action::expire && at(a.call).session == at(b.call).session;
    }

    bool awaited(const Event& a, const Event& b) const {
        if (!a.ends_lease && !b.ends_lease && told(history_, a.call, b.call)) return true;
        return a.required && same_session(a, b) &&
               (a.returned < b.called || (a.returned == b.called && a.call < b.call));
    }

    bool updates(const Event& event) const {
        return event.ends_lease || is_update(at(event.call), model_);
    }

    bool must_precede(const Event& a, const Event& b, Rule rule,
                      const properties::PartitionWindow* window) const {
        const bool in_time = a.required && a.returned < b.called;
        switch (rule) {
            case Rule::serializable: return false;
            case Rule::sequential: return awaited(a, b);
            case Rule::linearizable: return in_time || awaited(a, b);
            case Rule::same_view: break;
        }
        if (!in_time && !awaited(a, b)) return false;
        if (!updates(a) && updates(b)) return false;
        if (window == nullptr) return true;
        const int one = side(a, *window), two = side(b, *window);
        return one < 0 || one != two;
    }

    /// The number of the side on which `event` lies in the window, or -1.
    int side(const Event& event, const properties::PartitionWindow& window) const {
        const Call& call = at(event.call);
        if (event.ends_lease || call.action == Action::expire) return -1;
        const bool forever = !event.required;
        const bool inside = call.call_ns >= window.begin_ns &&
                            (forever ? window.end_ns == properties::never_ns
                                     : call.return_ns <= window.end_ns);
        const bool reads = call.action == Action::read || call.action == Action::members;
        const bool flying = !reads && call.call_ns < window.begin_ns &&
                            (forever || call.return_ns >= window.begin_ns);
        if (!inside && !flying) return -1;
        for (std::size_t i = 0; i < window.sides.size(); ++i)
            for (const TextId server : window.sides[i])
                if (server == call.server) return static_cast<int>(i);
        return -1;
    }

    bool ready(std::size_t number) const {
        for (std::size_t i = 0; i < events_.size(); ++i)
            if (before_[i][number] && !used_[i]) return false;
        return true;
    }

    bool complete() const {
        for (std::size_t i = 0; i < events_.size(); ++i)
            if (events_[i].required && !used_[i]) return false;
        return true;
    }

    bool take(World& world, const Event& event) const {
        return event.ends_lease ? end_lease(world, history_, model_, event.call)
                                : step(world, history_, model_, event.call);
    }

    bool solve_from(const World& world, std::size_t depth) {
        if (complete()) return true;
        for (std::size_t i = 0; i < events_.size(); ++i) {
            if (used_[i] || !ready(i)) continue;
            World next = world;
            if (!take(next, events_[i])) continue;
            used_[i] = true;
            const bool solved = solve_from(next, depth + 1);
            used_[i] = false;
            if (solved) return true;
        }
        return false;
    }

    const Calls& history_;
    Model model_;
    bool strict_;
    std::vector<Event> events_;
    std::vector<std::vector<bool>> before_;
    std::vector<bool> used_;
};

}  // namespace

namespace {

/// The objects of a history, each by itself; every member's capabilities are an object of their own.
std::vector<Calls> split(const Calls& history, Model model) {
    std::map<std::pair<TextId, TextId>, Calls> parts;
    const auto name = [&](const Call& call) {
        return std::pair(call.object, model == Model::capabilities ? call.argument : 0);
    };
    for (const Call& call : history.calls) {
        auto [part, fresh] = parts.emplace(name(call), history);
        if (fresh) part->second.calls.clear();
        part->second.calls.push_back(call);
    }
    for (auto& [object, part] : parts)
        for (properties::Message& message : part.messages) {
            const std::uint32_t before = message.position;
            message.position = 0;
            for (std::uint32_t i = 0; i < before; ++i)
                if (name(history.calls[i]) == object) ++message.position;
        }
    std::vector<Calls> all;
    for (auto& [name, part] : parts) all.push_back(std::move(part));
    return all;
}

bool explains_object(const Calls& history, Model model, Rule rule, bool strict,
                     const properties::PartitionWindow* window) {
    Puzzle puzzle(history, model, strict);
    puzzle.order_by(rule, window);
    return puzzle.solve();
}

}  // namespace

bool explains(const Calls& history, Model model, Rule rule, bool strict) {
    if (rule == Rule::sequential || rule == Rule::serializable)
        return explains_object(history, model, rule, strict, nullptr);
    for (const Calls& part : split(history, model))
        if (!explains_object(part, model, rule, strict, nullptr)) return false;
    return true;
}

bool explains_across(const Calls& history, Model model, const properties::PartitionWindow& window,
                     bool strict) {
    for (const Calls& part : split(history, model))
        if (!explains_object(part, model, Rule::same_view, strict, &window)) return false;
    return true;
}

bool is_explanation(const Calls& history, Model model, Rule rule, bool strict,
                    const std::vector<std::uint32_t>& witness, std::uint32_t lease_end) {
    Puzzle puzzle(history, model, strict);
    puzzle.order_by(rule, nullptr);
    return puzzle.accepts(witness, lease_end);
}

}  // namespace conclave::oracle
