// Serializability by counting: without any order of time the calls on one register or lock can be
// lined up exactly when these numbers fit.

#include <algorithm>
#include <map>
#include <set>

#include "monitors.hpp"

namespace conclave::properties {

namespace {

Finding unsure() {
    Finding finding;
    finding.method = "counting";
    return finding;
}

Finding fits() {
    Finding finding = unsure();
    finding.outcome = Outcome::held;
    return finding;
}

/// Every value that was read was written, or is the initial one.
Finding count_register(const Calls& history, std::span<const std::uint32_t> which) {
    std::set<TextId> written{0};
    for (const std::uint32_t index : which) {
        const Call& call = history.calls[index];
        if (call.action == Action::write && call.status != Status::failed)
            written.insert(call.argument);
    }
    for (const std::uint32_t index : which) {
        const Call& call = history.calls[index];
        if (call.action == Action::read && call.status == Status::ok &&
            !written.contains(call.result))
            return violated_by(history, "counting", "a value that nobody wrote", {index});
    }
    return fits();
}

/// Cas calls are edges of a walk that begins at the initial value and jumps with each write. It exists
/// when every part of the graph can be entered, and every value from which more edges lead than come
/// in is written as often as it lacks.
class Walk {
public:
    Walk(const Calls& history, std::span<const std::uint32_t> which)
        : history_(history), which_(which) {}

    Finding run() {
        entries_[0] = 1;
        for (const std::uint32_t index : which_) {
            const Call& call = history_.calls[index];
            if (call.status == Status::failed) continue;
            const bool unknown = call.status == Status::unknown;
            if (call.action == Action::write && !add_write(call, unknown)) return unsure();
            if (call.action == Action::cas && !add_cas(call, unknown)) return unsure();
        }
        for (const auto& [value, missing] : surplus_)
            if (missing > 0 && entries_[value] < missing)
                return violated_by(history_, "counting",
                                   "replaced more often than it was written: " +
                                       history_.text(value) + "",
                                   leaving(value));
        return check_observations();
    }

private:
    bool add_write(const Call& call, bool unknown) {
        if (unknown) return false;
        ++entries_[call.argument];
        return true;
    }
    bool add_cas(const Call& call, bool unknown) {
        if (unknown) return false;
        if (!call.agreed || call.argument == call.second) return true;
        ++surplus_[call.argument];
        --surplus_[call.second];
        parts_.emplace(call.argument, call.argument);
        parts_.emplace(call.second, call.second);
        parts_[root(call.argument)] = root(call.second);
        return true;
    }

    TextId root(TextId value) {
        while (parts_.at(value) != value) value = parts_.at(value);
        return value;
    }

    Indices leaving(TextId value) const {
        Indices calls;
        for (const std::uint32_t index : which_) {
            const Call& call = history_.calls[index];
            const bool leaves = call.action == Action::cas && call.status == Status::ok &&
                                call.agreed && call.argument == value;
            if (leaves && calls.size() < 4) calls.push_back(index);
        }
        return calls;
    }

    /// A part is entered at a value that is written, or is initial.
    std::set<TextId> entered_parts() {
        std::set<TextId> entered;
        for (const auto& [value, count] : entries_)
            if (count > 0 && parts_.contains(value)) entered.insert(root(value));
        return entered;
    }

    Finding check_observations() {
        const std::set<TextId> entered = entered_parts();
        std::set<TextId> visited;
        for (const auto& [value, count] : entries_)
            if (count > 0) visited.insert(value);
        for (const auto& [value, part] : parts_) visited.insert(value);
        for (const std::uint32_t index : which_) {
            const Call& call = history_.calls[index];
            if (call.status != Status::ok || call.action == Action::write) continue;
            const bool replaces =
                call.action == Action::cas && call.agreed && call.argument != call.second;
            if (replaces && !entered.contains(root(call.argument)))
                return violated_by(history_, "counting", "a value that nobody wrote", {index});
            const TextId seen = call.action == Action::read ? call.result : call.argument;
            if ((call.action == Action::read || call.agreed) && !visited.contains(seen))
                return violated_by(history_, "counting", "a value that nobody wrote", {index});
            // Refused: some value other than the expected one was there, be it the initial one.
            const bool refused = call.action == Action::cas && !call.agreed;
            if (refused && call.argument == 0 && visited.size() == 1)
                return violated_by(history_, "counting", "refused though nothing was ever written",
                                   {index});
        }
        return fits();
    }

    const Calls& history_;
    std::span<const std::uint32_t> which_;
    std::map<TextId, int> entries_, surplus_;
    std::map<TextId, TextId> parts_;
};

/// Each owner releases what it acquired, once; one may hold at the end.
Finding count_holds(const Calls& history, Model model, std::span<const std::uint32_t> which) {
    struct Count {
        int acquired = 0, released = 0, maybe_acquired = 0, may_end = 0;
        Indices calls;
    };
    std::map<TextId, Count> owners;
    for (const std::uint32_t index : which) {
        const Call& call = history.calls[index];
        if (call.status == Status::failed) continue;
        if (call.action == Action::read || call.action == Action::renew) return unsure();
        if (call.status == Status::ok && !call.agreed) {
            if (call.action == Action::acquire) return unsure();
            continue;  // a release is refused before everything
        }
        if (call.action == Action::expire && model == Model::mutex) continue;
        Count& count = owners[call.argument];
        const bool known = call.status == Status::ok;
        if (call.action == Action::acquire) {
            ++(known ? count.acquired : count.maybe_acquired);
            count.may_end += known && model != Model::mutex && call.ttl_ns > 0;
        } else if (call.action == Action::release && known) {
            ++count.released;
        } else {
            ++count.may_end;
        }
        if (count.calls.size() < 4 && known) count.calls.push_back(index);
    }
    std::uint32_t held_to_the_end = nobody;
    for (const auto& [name, count] : owners) {
        if (count.released > count.acquired + count.maybe_acquired)
            return violated_by(history, "counting", "released more often than acquired",
                               count.calls);
        const int left = count.acquired - count.released - count.may_end;
        if (left > 1)
            return violated_by(history, "counting", "acquired more often than released",
                               count.calls);
        if (left != 1) continue;
        if (held_to_the_end != nobody)
            return violated_by(history, "counting", "two holds that nobody released",
                               {held_to_the_end, count.calls.back()});
        held_to_the_end = count.calls.back();
    }
    return fits();
}

}  // namespace

Finding monitor_serializable(const Calls& history, Model model,
                             std::span<const std::uint32_t> which, const CheckOptions& options) {
    switch (model) {
        case Model::register_: return count_register(history, which);
        case Model::cas_register: return Walk(history, which).run();
        case Model::mutex:
        case Model::lease:
        case Model::leader: return count_holds(history, model, which);
        default: break;
    }
    (void)options;
    return unsure();
}

}  // namespace conclave::properties
