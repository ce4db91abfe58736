#include "monitors.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "messages.hpp"

namespace conclave::properties {

bool has_instants(const Calls& history, std::span<const std::uint32_t> which) {
    if (has_instant_messages(history)) return true;
    std::map<TextId, std::int64_t> last_return;
    for (const std::uint32_t index : which) {
        const Call& call = history.calls[index];
        if (call.status == Status::failed || call.action == Action::expire) continue;
        const auto [last, fresh] = last_return.emplace(call.session, INT64_MIN);
        if (!fresh && call.call_ns <= last->second) return true;
        if (call.status == Status::ok) last->second = std::max(last->second, call.return_ns);
    }
    return false;
}

namespace {

/// `nobody` when there is none: the call was of no use, or begins no lease.
std::uint32_t item_of(const Program& program, std::uint32_t call) {
    const std::uint32_t source = call & ~lease_end;
    const bool of_lease = (call & lease_end) != 0;
    auto found = std::lower_bound(
        program.items.begin(), program.items.end(), source,
        [](const Item& item, std::uint32_t number) { return item.source < number; });
    // The end of a lease stands behind its beginning.
    if (of_lease && found != program.items.end()) ++found;
    const bool right = found != program.items.end() && found->source == source &&
                       found->environment == of_lease;
    if (!right) return nobody;
    return static_cast<std::uint32_t>(found - program.items.begin());
}

}  // namespace

Finding judge_by_order(const Calls& history, Model model, std::span<const std::uint32_t> which,
                       const MakeOrder& make_order, const Indices& updates,
                       const CheckOptions& options, const char* method) {
    const Program program = compile(history, model, which, {options.strict});
    const Order order = make_order(program);
    Search search(program, order, {});
    Indices items;
    items.reserve(updates.size());
    for (const std::uint32_t call : updates) {
        const std::uint32_t item = item_of(program, call);
        if (item != nobody) items.push_back(item);
    }
    Finding finding;
    finding.method = method;
    if (!search.follow(items)) return finding;
    finding.outcome = Outcome::held;
    finding.witness = witness_of(program, search.order());
    return finding;
}

Finding monitor_revisions(const Calls& history, Model model, std::span<const std::uint32_t> which,
                          const CheckOptions& options) {
    Finding finding;
    finding.method = "revisions";
    std::vector<std::pair<std::int64_t, std::uint32_t>> committed;
    for (const std::uint32_t index : which) {
        const Call& call = history.calls[index];
        const bool reads = call.action == Action::read || call.action == Action::members;
        const bool update = call.status != Status::failed && !reads && call.agreed;
        if (update && call.revision != absent_number) committed.emplace_back(call.revision, index);
        if (update && call.revision == absent_number && call.status == Status::ok) return finding;
    }
    if (committed.empty()) return finding;
    for (const LeaseEnd& end : history.lease_ends)
        if (std::binary_search(which.begin(), which.end(), end.call))
            committed.emplace_back(end.revision, end.call | lease_end);
    std::sort(committed.begin(), committed.end());
    Indices updates;
    for (const auto& [revision, call] : committed) updates.push_back(call);
    const MakeOrder order = [&](const Program& program) {
        return real_time_order(history, program);
    };
    return judge_by_order(history, model, which, order, updates, options, "revisions");
}

Finding monitor_tokens(const Calls& history, Model model, std::span<const std::uint32_t> which,
                       const CheckOptions& options) {
    Indices given;
    for (const std::uint32_t index : which) {
        const Call& call = history.calls[index];
        if (call.status == Status::ok && call.agreed && call.token != absent_number)
            given.push_back(index);
    }
    std::sort(given.begin(), given.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::pair(history.calls[a].token, a) < std::pair(history.calls[b].token, b);
    });
    std::uint32_t latest = nobody;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const Call& call = history.calls[given[i]];
        if (i > 0 && history.calls[given[i - 1]].token == call.token)
            return violated_by(history, "tokens", "one token was given twice",
                               {given[i - 1], given[i]});
        if (latest != nobody && call.return_ns < history.calls[latest].call_ns)
            return violated_by(history, "tokens", "a token that does not exceed an earlier one",
                               {given[i], latest});
        if (latest == nobody || call.call_ns > history.calls[latest].call_ns) latest = given[i];
    }
    const MakeOrder order = [&](const Program& program) {
        return real_time_order(history, program);
    };
    return judge_by_order(history, model, which, order, given, options, "tokens");
}

Finding monitor_linearizable(const Calls& history, Model model,
                             std::span<const std::uint32_t> which, const CheckOptions& options) {
    Finding finding = monitor_revisions(history, model, which, options);
    if (finding.outcome == Outcome::held) return finding;
    switch (model) {
        case Model::register_:
        case Model::cas_register: return monitor_register(history, model, which, options);
        case Model::mutex:
        case Model::lease:
        case Model::leader: return monitor_holds(history, model, which, options);
        case Model::group: return monitor_group(history, model, which, options);
        case Model::tokens: return monitor_tokens(history, model, which, options);
        case Model::capabilities: break;
    }
    return {};
}

}  // namespace conclave::properties
