// The words for calls, and what a history could have shown.

#include <algorithm>
#include <vector>

#include "judge_object.hpp"
#include "order.hpp"
#include "text.hpp"

namespace conclave::properties {

namespace {

/// To the microsecond, and to the nanosecond where that is not all.
std::string instant(std::int64_t nanoseconds) {
    if (nanoseconds % 1000 == 0) return seconds(nanoseconds);
    std::string below = std::to_string(nanoseconds % 1000);
    below.insert(0, 3 - below.size(), '0');
    std::string text = seconds(nanoseconds);
    return text.insert(text.size() - 2, below);
}

std::string arguments(const Calls& history, const Call& call) {
    const auto text = [&](TextId id) { return id == 0 ? std::string("null") : history.text(id); };
    switch (call.action) {
        case Action::write: return " " + text(call.argument);
        case Action::cas: return " " + text(call.argument) + " to " + text(call.second);
        case Action::join:
        case Action::update:
            return " as " + text(call.argument) +
                   (call.second == 0 ? "" : " with " + text(call.second));
        case Action::acquire:
            return " as " + text(call.argument) +
                   (call.second == 0 ? "" : " for " + text(call.second));
        case Action::leave:
        case Action::expire:
        case Action::release:
        case Action::renew: return " as " + text(call.argument);
        case Action::read:
            return call.argument == 0 ? "" : " of " + text(call.argument);
        case Action::members: return "";
    }
    return "";
}

std::string answer(const Calls& history, const Call& call) {
    if (call.status == Status::failed) return "failed";
    if (call.status == Status::unknown) return "unknown";
    if (call.action == Action::read)
        return call.result == 0 ? "null" : history.text(call.result);
    if (call.action == Action::members) {
        std::string names;
        for (const TextId member : history.list(call.result))
            names += (names.empty() ? "" : ", ") + history.text(member);
        return "{" + names + "}";
    }
    if (call.agreed && call.token != absent_number) return "token " + std::to_string(call.token);
    return call.agreed ? "done" : "refused";
}

}  // namespace

std::string describe(const Calls& history, std::uint32_t index) {
    const Call& call = history.calls[index & ~lease_end];
    const std::string until =
        call.status == Status::ok ? instant(call.return_ns) : std::string("...");
    std::string text = (call.session == 0 ? std::string("the environment")
                                          : "process " + history.text(call.session)) +
                       " " + std::string(to_string(call.action)) + " " +
                       (call.object == 0 ? "" : history.text(call.object)) +
                       arguments(history, call) + " -> " + answer(history, call) + " [" +
                       instant(call.call_ns) + " .. " + until + "]";
    return index & lease_end ? "the end of the lease of " + text : text;
}

std::string describe(const Calls& history, std::span<const std::uint32_t> calls) {
    std::string text;
    for (std::size_t i = 0; i < calls.size(); ++i)
        text += (i == 0 ? "" : i + 1 == calls.size() ? " and " : ", ") +
                describe(history, calls[i]);
    return text;
}

Coverage& Coverage::operator+=(const Coverage& other) noexcept {
    calls += other.calls;
    observations += other.observations;
    unknown += other.unknown;
    concurrent += other.concurrent;
    contended += other.contended;
    reads_here += other.reads_here;
    reads_there += other.reads_there;
    return *this;
}

namespace {

/// A read that failed was tried, at the time of its call.
void count_reads(Coverage& coverage, const Calls& history, const PartitionWindow& window) {
    for (Call call : history.calls) {
        if (call.action != Action::read && call.action != Action::members) continue;
        if (call.status != Status::ok) call.return_ns = call.call_ns;
        call.status = Status::ok;
        const std::uint32_t side = side_of(call, window);
        coverage.reads_here += side == 1;
        coverage.reads_there += side > 1;
    }
}

}  // namespace

Coverage coverage_of(const Calls& history, Model model) {
    Coverage coverage;
    coverage.calls = history.calls.size();
    for (const Call& call : history.calls) {
        coverage.unknown += call.status == Status::unknown;
        const bool reads = call.action == Action::read || call.action == Action::members;
        coverage.observations += call.status == Status::ok && (reads || !call.agreed);
        coverage.contended +=
            call.status == Status::ok && call.action == Action::acquire && !call.agreed;
    }
    for (const PartitionWindow& window : history.partitions) count_reads(coverage, history, window);
    Objects(history, model).each([&](std::span<const std::uint32_t> which) {
        std::int64_t latest_ns = INT64_MIN;
        Indices by_call(which.begin(), which.end());
        std::sort(by_call.begin(), by_call.end(), [&](std::uint32_t a, std::uint32_t b) {
            return history.calls[a].call_ns < history.calls[b].call_ns;
        });
        for (const std::uint32_t index : by_call) {
            const Call& call = history.calls[index];
            if (call.status == Status::failed) continue;
            coverage.concurrent += latest_ns != INT64_MIN && call.call_ns <= latest_ns;
            if (call.status == Status::ok) latest_ns = std::max(latest_ns, call.return_ns);
        }
        return true;
    });
    return coverage;
}

}  // namespace conclave::properties
