#include "order.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "messages.hpp"

namespace conclave::properties {

namespace {

/// Whether some session called at the instant of a return of its own, or before it: rare, and dear to
/// look into.
bool any_instants(const Calls& history, const Program& program) {
    std::map<TextId, std::int64_t> last_return;
    for (const Item& item : program.items) {
        const Call& call = history.calls[item.source];
        if (item.environment || call.action == Action::expire) continue;
        const auto [last, fresh] = last_return.emplace(call.session, INT64_MIN);
        if (!fresh && call.call_ns <= last->second) return true;
        if (call.status == Status::ok) last->second = std::max(last->second, call.return_ns);
    }
    return false;
}

/// Pairs of one session of which the later began at the instant at which the earlier ended: classes
/// compare instants only and would take them for concurrent.
template <typename Keep>
std::vector<Edge> session_instants(const Calls& history, const Program& program, Keep keep) {
    if (!any_instants(history, program)) return {};
    struct Event {
        TextId session;
        std::int64_t at_ns;
        bool begins;
        std::uint32_t item;
    };
    std::vector<Event> events;
    for (std::uint32_t i = 0; i < program.items.size(); ++i) {
        const Item& item = program.items[i];
        const Call& call = history.calls[item.source];
        if (item.environment || call.action == Action::expire) continue;
        events.push_back({call.session, item.call_ns, true, i});
        if (!item.optional) events.push_back({call.session, item.return_ns, false, i});
    }
    std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
        return std::tie(a.session, a.at_ns, a.begins, a.item) <
               std::tie(b.session, b.at_ns, b.begins, b.item);
    });
    std::vector<Edge> edges;
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (events[i].begins) continue;
        for (std::size_t j = i + 1; j < events.size() && events[j].session == events[i].session &&
                                    events[j].at_ns == events[i].at_ns; ++j) {
            const std::uint32_t before = events[i].item, after = events[j].item;
            if (events[j].begins && before < after &&
                keep(program.items[before], program.items[after]))
                edges.push_back({before, after});
        }
    }
    return edges;
}

/// Adds what messages say of the items that stand for somebody's calls.
template <typename Among, typename Keep>
void add_messages(const Calls& history, const Program& program, Among among, Keep keep,
                  std::vector<Edge>& edges) {
    if (history.messages.empty()) return;
    std::vector<std::uint32_t> calls, items;
    for (std::uint32_t i = 0; i < program.items.size(); ++i) {
        const Item& item = program.items[i];
        if (item.environment) continue;
        calls.push_back(item.source);
        items.push_back(i);
    }
    const auto item_of = [&](std::uint32_t call) {
        const auto found = std::lower_bound(calls.begin(), calls.end(), call);
        return items[static_cast<std::size_t>(found - calls.begin())];
    };
    for (const Edge& edge : among(history, calls)) {
        const std::uint32_t before = item_of(edge.before), after = item_of(edge.after);
        if (keep(program.items[before], program.items[after])) edges.push_back({before, after});
    }
}

Successors successors_by(const std::vector<Edge>& edges, const Program& program) {
    if (edges.empty()) return {};
    const auto each = [&](auto visit) {
        for (const Edge& edge : edges) visit(edge.before, edge.after);
    };
    return successors_of(each, program.items.size());
}

/// What sessions and messages order, and real time does not.
template <typename Keep>
Successors instant_edges(const Calls& history, const Program& program, Keep keep) {
    std::vector<Edge> edges = session_instants(history, program, keep);
    add_messages(history, program, message_instants, keep, edges);
    return successors_by(edges, program);
}

constexpr auto keep_all = [](const Item&, const Item&) { return true; };

}  // namespace

Order real_time_order(const Calls& history, const Program& program) {
    Order order;
    order.waits_for = {{0}};
    order.successors = instant_edges(history, program, keep_all);
    return order;
}

Order session_order(const Calls& history, const Program& program) {
    Order order;
    order.waits_for = {{}};  // class 0: the environment waits for nobody
    std::map<TextId, std::uint32_t> class_of_session;
    for (const Item& item : program.items) {
        const Call& call = history.calls[item.source];
        if (item.environment || call.action == Action::expire) {
            order.classes.push_back(0);
            continue;
        }
        const auto next = static_cast<std::uint32_t>(order.waits_for.size());
        const auto [found, fresh] = class_of_session.emplace(call.session, next);
        if (fresh) order.waits_for.push_back({next});
        order.classes.push_back(found->second);
    }
    std::vector<Edge> edges = session_instants(history, program, keep_all);
    add_messages(history, program, message_edges, keep_all, edges);
    order.successors = successors_by(edges, program);
    return order;
}

Order no_order(const Program&) {
    Order order;
    order.waits_for = {{}};
    return order;
}

Order view_order(const Calls& history, const Program& program) {
    Order order;
    for (const Item& item : program.items) order.classes.push_back(item.observes() ? 1 : 0);
    order.waits_for = {{0}, {0, 1}};
    order.successors = instant_edges(history, program, [](const Item& before, const Item& after) {
        return !before.observes() || after.observes();
    });
    return order;
}

std::uint32_t side_of(const Call& call, const PartitionWindow& window) {
    const std::int64_t end_ns = call.status == Status::ok ? call.return_ns : never_ns;
    const bool update = call.action != Action::read && call.action != Action::members;
    const bool inside = call.call_ns >= window.begin_ns && end_ns <= window.end_ns;
    const bool in_flight = update && call.call_ns < window.begin_ns && end_ns >= window.begin_ns;
    if (!inside && !in_flight) return 0;
    for (std::uint32_t side = 0; side < window.sides.size(); ++side)
        if (std::find(window.sides[side].begin(), window.sides[side].end(), call.server) !=
            window.sides[side].end())
            return side + 1;
    return 0;
}

Order partition_order(const Calls& history, const Program& program,
                      const PartitionWindow& window) {
    Order order;
    const auto sides = static_cast<std::uint32_t>(window.sides.size());
    std::vector<std::uint32_t> side(program.items.size(), 0);
    for (std::uint32_t i = 0; i < program.items.size(); ++i) {
        const Item& item = program.items[i];
        const Call& call = history.calls[item.source];
        if (!item.environment && call.action != Action::expire) side[i] = side_of(call, window);
        order.classes.push_back(2 * side[i] + (item.observes() ? 1 : 0));
    }
    for (std::uint32_t mine = 0; mine <= sides; ++mine)
        for (const bool observes : {false, true}) {
            std::vector<std::uint32_t> waits;
            for (std::uint32_t other = 0; other <= sides; ++other) {
                if (other == mine && mine != 0) continue;
                waits.push_back(2 * other);
                if (observes) waits.push_back(2 * other + 1);
            }
            order.waits_for.push_back(std::move(waits));
        }
    const Item* const first = program.items.data();
    order.successors = instant_edges(history, program, [&](const Item& before, const Item& after) {
        const std::uint32_t one = side[static_cast<std::size_t>(&before - first)];
        const std::uint32_t two = side[static_cast<std::size_t>(&after - first)];
        return (one == 0 || one != two) && (!before.observes() || after.observes());
    });
    return order;
}

}  // namespace conclave::properties
