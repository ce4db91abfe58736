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

/// Each owner releases what it acquired, once; one may hold at the end. What only looks, or renews,
/// comes right behind an acquire that fits, and what tells of nobody before everything.
class HoldCount {
public:
    HoldCount(const Calls& history, Model model, std::span<const std::uint32_t> which)
        : history_(history), model_(model), which_(which) {}

    Finding run() {
        for (const std::uint32_t index : which_)
            if (history_.calls[index].status != Status::failed) add(index);
        Finding finding = compare();
        if (finding.outcome == Outcome::violated) return finding;
        finding = look();
        if (finding.outcome != Outcome::held) return finding;
        for (const auto& [name, owner] : owners_)
            if (owner.renewed && (owner.acquired == 0 || !owner.always_leased)) return unsure();
        return refused_ && !acquired_ ? unsure() : fits();
    }

private:
    struct Owner {
        int acquired = 0, released = 0, maybe_acquired = 0, may_end = 0;
        bool renewed = false;
        bool always_leased = true;  ///< each acquire and renewal began a lease
        Indices calls;
    };

    void add(std::uint32_t index) {
        const Call& call = history_.calls[index];
        if (call.action == Action::read) return;
        const bool known = call.status == Status::ok;
        if (known && !call.agreed) {
            refused_ |= call.action == Action::acquire;
            return;  // a release is refused before everything
        }
        if (call.action == Action::expire && model_ == Model::mutex) return;
        Owner& owner = owners_[call.argument];
        const bool leased = model_ != Model::mutex && call.ttl_ns > 0;
        if (call.action == Action::acquire) {
            ++(known ? owner.acquired : owner.maybe_acquired);
            acquired_ |= known;
            note_name(call, known);
            owner.always_leased &= leased || model_ == Model::mutex || !known;
            owner.may_end += known && leased;
        } else if (call.action == Action::renew) {
            owner.renewed |= known;
            owner.always_leased &= leased || model_ == Model::mutex || !known;
            owner.may_end += leased;  // of a hold that no lease would have ended
        } else if (call.action == Action::release && known) {
            ++owner.released;
        } else {
            ++owner.may_end;
        }
        if (owner.calls.size() < 4 && known) owner.calls.push_back(index);
    }

    void note_name(const Call& acquire, bool known) {
        if (model_ == Model::leader) names_[leader_named_by(acquire)] |= known;
    }

    Finding compare() const {
        std::uint32_t held_to_the_end = nobody;
        for (const auto& [name, owner] : owners_) {
            if (owner.released > owner.acquired + owner.maybe_acquired)
                return violated_by(history_, "counting", "released more often than acquired",
                                   owner.calls);
            const int left = owner.acquired - owner.released - owner.may_end;
            if (left > 1)
                return violated_by(history_, "counting", "acquired more often than released",
                                   owner.calls);
            if (left != 1) continue;
            if (held_to_the_end != nobody)
                return violated_by(history_, "counting", "two holds that nobody released",
                                   {held_to_the_end, owner.calls.back()});
            held_to_the_end = owner.calls.back();
        }
        return fits();
    }

    /// Every leader that was read was elected.
    Finding look() const {
        bool sure = true;
        for (const std::uint32_t index : which_) {
            const Call& call = history_.calls[index];
            const bool names = call.action == Action::read && call.status == Status::ok &&
                               call.result != 0;
            if (!names) continue;
            const auto elected = names_.find(call.result);
            if (elected == names_.end())
                return violated_by(history_, "counting", "a leader whom nobody elected", {index});
            sure &= elected->second;
        }
        return sure ? fits() : unsure();
    }

    const Calls& history_;
    Model model_;
    std::span<const std::uint32_t> which_;
    std::map<TextId, Owner> owners_;
    std::map<TextId, bool> names_;  ///< of leaders, and whether one was elected for certain
    bool refused_ = false, acquired_ = false;
};

}  // namespace

Finding monitor_serializable(const Calls& history, Model model,
                             std::span<const std::uint32_t> which, const CheckOptions& options) {
    switch (model) {
        case Model::register_: return count_register(history, which);
        case Model::cas_register: return Walk(history, which).run();
        case Model::mutex:
        case Model::lease:
        case Model::leader: return HoldCount(history, model, which).run();
        default: break;
    }
    (void)options;
    return unsure();
}

}  // namespace conclave::properties
