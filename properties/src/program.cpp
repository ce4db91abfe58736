#include "program.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>

#include "flat_table.hpp"
#include "refusals.hpp"

namespace conclave::properties {

namespace {

constexpr std::uint32_t present = 1;  ///< what a member's cell holds whose presence no lease ends
constexpr std::uint64_t member_kind = 2;  // as in state.cpp: a member in a group's content

using Guard = Step::Guard;
using Effect = Step::Effect;

class Compiler {
public:
    Compiler(const Calls& history, Model model) : history_(history), model_(model) {
        program_.owner_of_hold.resize(present + 1, 0);
        if (model == Model::leader) program_.name_of_hold.resize(present + 1, 0);
    }

    Program run(std::span<const std::uint32_t> which, CompileOptions options) {
        if (history_.calls.size() > calls_max)
            throw std::length_error("a history of " + std::to_string(history_.calls.size()) +
                                    " calls; at most " + std::to_string(calls_max) +
                                    " can be searched");
        const std::vector<bool> excused = options.strict
                                              ? std::vector<bool>(which.size(), false)
                                              : excused_refusals(history_, which);
        program_.items.reserve(which.size());
        program_.contents.reserve(static_cast<std::size_t>(
            std::count_if(which.begin(), which.end(), [&](std::uint32_t index) {
                return history_.calls[index].action == Action::members;
            })));
        note_observed(which);
        note_names(which);
        for (std::size_t i = 0; i < which.size(); ++i) {
            if (excused[i]) ++program_.excused;
            if (!excused[i]) add(which[i]);
        }
        return std::move(program_);
    }

private:
    bool leases() const {
        return model_ == Model::lease || model_ == Model::leader || model_ == Model::group;
    }

    /// A write that nobody can have seen is left out: to explain a refused cas is its only use.
    void note_observed(std::span<const std::uint32_t> which) {
        if (model_ != Model::register_ && model_ != Model::cas_register) return;
        observed_.assign(history_.text_count(), false);
        for (const std::uint32_t index : which) {
            const Call& call = history_.calls[index];
            if (call.action == Action::read) observed_[call.result] = true;
            if (call.action == Action::cas) observed_[call.argument] = true;
            keep_all_ |= call.action == Action::cas && call.status == Status::ok && !call.agreed;
        }
    }

    /// Renewals do not tell for whom they are.
    void note_names(std::span<const std::uint32_t> which) {
        if (model_ != Model::leader) return;
        for (const std::uint32_t index : which) {
            const Call& call = history_.calls[index];
            if (call.action != Action::acquire) continue;
            names_.find_or_add(key_of(cell(call.object, 0), call.argument), leader_named_by(call));
        }
    }

    bool useless(const Call& call) const {
        if (call.status == Status::failed) return true;
        if (call.action == Action::expire && model_ == Model::mutex) return true;
        if (call.status == Status::ok) return false;
        if (observed_.empty() || keep_all_) return false;
        return !observed_[call.action == Action::cas ? call.second : call.argument];
    }

    void add(std::uint32_t index) {
        const Call& call = history_.calls[index];
        if (useless(call)) return;
        Item item;
        item.call_ns = call.call_ns;
        item.return_ns = call.status == Status::ok ? call.return_ns : never_ns;
        item.source = index;
        item.optional = call.status == Status::unknown;
        item.step = step(call, item.optional || call.agreed);
        if (item.optional && item.observes()) return;
        program_.items.push_back(item);
        const bool begins_lease = call.action == Action::acquire || call.action == Action::renew ||
                                  call.action == Action::join;
        if (leases() && begins_lease && call.ttl_ns > 0 && item.step.effect == Effect::set)
            program_.items.push_back(lease_end(call, item));
    }

    static Item lease_end(const Call& call, const Item& begin) {
        Item end;
        end.call_ns = call.call_ns + call.ttl_ns;
        end.source = begin.source;
        end.optional = true;
        end.environment = true;
        end.step = {begin.step.cell, begin.step.value, 0, Guard::equals, Effect::clear};
        return end;
    }

    Step step(const Call& call, bool agreed) {
        switch (model_) {
            case Model::register_:
            case Model::cas_register: return register_step(call, agreed);
            case Model::mutex:
            case Model::lease:
            case Model::leader: return lock_step(call, agreed);
            case Model::group:
            case Model::capabilities: return member_step(call, agreed);
            case Model::tokens: break;
        }
        const std::uint32_t place = cell(call.object, 0);
        if (!agreed) return {place, 0, 0, Guard::none, Effect::none};
        if (call.token == absent_number) return {place, 0, 0, Guard::none, Effect::none};
        const std::uint32_t rank = token_rank(call.token);
        return {place, rank, rank, Guard::below, Effect::set};
    }

    Step register_step(const Call& call, bool agreed) {
        const std::uint32_t place = cell(call.object, 0);
        if (call.action == Action::read) return {place, call.result, 0, Guard::equals, Effect::none};
        if (call.action == Action::write)
            return {place, 0, call.argument, Guard::none, Effect::set};
        if (!agreed) return {place, call.argument, 0, Guard::differs, Effect::none};
        const Effect effect = call.argument == call.second ? Effect::none : Effect::set;
        return {place, call.argument, call.second, Guard::equals, effect};
    }

    Step lock_step(const Call& call, bool agreed) {
        const std::uint32_t place = cell(call.object, 0);
        const TextId owner = call.argument;
        switch (call.action) {
            case Action::read:
                if (call.result == 0) return {place, 0, 0, Guard::vacant, Effect::none};
                return {place, call.result, 0, Guard::named, Effect::none};
            case Action::acquire:
                if (!agreed) return {place, 0, 0, Guard::taken, Effect::none};
                return {place, 0, hold(place, owner, call.ttl_ns), Guard::vacant, Effect::set};
            case Action::expire: return {place, owner, 0, Guard::none, Effect::clear_if_owned};
            default: break;
        }
        if (!agreed) return {place, owner, 0, Guard::not_owned_by, Effect::none};
        if (call.action == Action::release)
            return {place, owner, 0, Guard::owned_by, Effect::clear};
        if (!leases()) return {place, owner, 0, Guard::owned_by, Effect::none};
        return {place, owner, hold(place, owner, call.ttl_ns), Guard::owned_by, Effect::set};
    }

    Step member_step(const Call& call, bool agreed) {
        if (call.action == Action::members) return content_step(call);
        const std::uint32_t place = cell(call.object, call.argument);
        const bool valued = model_ == Model::capabilities;
        switch (call.action) {
            case Action::join: {
                if (!agreed) return {place, 0, 0, Guard::taken, Effect::none};
                const std::uint32_t value =
                    valued ? call.second + 1 : hold(place, call.argument, call.ttl_ns);
                return {place, 0, value, Guard::vacant, Effect::set};
            }
            case Action::leave:
                if (!agreed) return {place, 0, 0, Guard::vacant, Effect::none};
                return {place, 0, 0, Guard::taken, Effect::clear};
            case Action::update:
                if (!agreed) return {place, 0, 0, Guard::vacant, Effect::none};
                return {place, 0, call.second + 1, Guard::taken, Effect::set};
            case Action::expire: return {place, 0, 0, Guard::none, Effect::clear};
            default: break;
        }
        // Null is what is read of nobody, and of somebody who joined with null.
        if (call.result == 0) return {place, 2, 0, Guard::below, Effect::none};
        return {place, call.result + 1, 0, Guard::equals, Effect::none};
    }

    Step content_step(const Call& call) {
        Fingerprint content;
        for (const TextId member : history_.list(call.result))
            content ^= key(member_kind, cell(call.object, member));
        program_.contents.push_back(content);
        return {group(call.object), static_cast<std::uint32_t>(program_.contents.size() - 1), 0,
                Guard::content, Effect::none};
    }

    std::uint32_t group(TextId object) {
        const auto [found, fresh] = groups_.emplace(object, program_.groups);
        if (fresh) ++program_.groups;
        return found->second;
    }

    std::uint32_t cell(TextId object, TextId member) {
        const auto next = static_cast<std::uint32_t>(program_.group_of_cell.size());
        const std::uint32_t found = cells_.find_or_add(key_of(object, member), next);
        if (found == next)
            program_.group_of_cell.push_back(model_ == Model::group ? group(object) : 0);
        return found;
    }

    static std::uint64_t key_of(std::uint32_t high, std::uint32_t low) {
        return (static_cast<std::uint64_t>(high) << 32) | low;
    }

    /// A hold with a lease is one of its own: only its own lease ends it.
    std::uint32_t hold(std::uint32_t place, TextId owner, std::int64_t ttl_ns) {
        const bool leads = model_ == Model::leader;
        const TextId name = leads ? names_.find_or_add(key_of(place, owner), owner) : 0;
        const bool own = leases() && ttl_ns > 0;
        if (!own && model_ == Model::group) return present;
        if (!own) {
            const auto known = plain_holds_.find({owner, name});
            if (known != plain_holds_.end()) return known->second;
        }
        const auto id = static_cast<std::uint32_t>(program_.owner_of_hold.size());
        program_.owner_of_hold.push_back(owner);
        if (leads) program_.name_of_hold.push_back(name);
        if (!own) plain_holds_.emplace(std::pair(owner, name), id);
        return id;
    }

    std::uint32_t token_rank(std::int64_t token) {
        if (ranks_.empty()) {
            for (const Call& call : history_.calls) ranks_.push_back(call.token);
            std::sort(ranks_.begin(), ranks_.end());
            ranks_.erase(std::unique(ranks_.begin(), ranks_.end()), ranks_.end());
        }
        const auto found = std::lower_bound(ranks_.begin(), ranks_.end(), token);
        return static_cast<std::uint32_t>(found - ranks_.begin() + 1);
    }

    const Calls& history_;
    Model model_;
    Program program_;
    NumberTable cells_, names_;
    std::map<TextId, std::uint32_t> groups_;
    std::map<std::pair<TextId, TextId>, std::uint32_t> plain_holds_;  ///< by owner and name
    std::vector<std::int64_t> ranks_;
    std::vector<bool> observed_;
    bool keep_all_ = false;
};

}  // namespace

Program compile(const Calls& history, Model model, std::span<const std::uint32_t> which,
                CompileOptions options) {
    return Compiler(history, model).run(which, options);
}

}  // namespace conclave::properties
