// Groups whose members each join once: a member is there for who knows of its join and not of its
// leave. A read that misses a member whose join its caller knew must have seen its end.

#include <algorithm>
#include <map>
#include <set>

#include "causal.hpp"
#include "monitors.hpp"

namespace conclave::properties {

namespace {

struct Membership {
    std::uint32_t join = nobody;
    std::uint32_t leave = nobody;
    std::uint32_t maybe_left = nobody;
    bool leased = false;
    bool seen = false;
    Indices ended_by;  ///< reads that must have seen the lease's end
};

class CausalGroups {
public:
    explicit CausalGroups(const Calls& history) : history_(history) {}

    Finding run() {
        if (!gather()) return causal_unsure("members are not unique: causality is not known");
        if (const auto found = come_from_somewhere()) return *found;
        CausalGraph graph(history_, included());
        if (graph.included().size() * graph.lanes() > clock_entries_max)
            return causal_unsure("too many sessions");
        add_joins(graph);
        // Each round finds reads that must have seen an end, which may make others have to.
        for (bool again = true; again;) {
            const Indices cycle = graph.close();
            if (!cycle.empty())
                return violated_by(history_, "clocks", "each of these depends on the one before",
                                   cycle);
            again = false;
            for (const std::uint32_t read : reads_)
                if (const auto found = check_missing(graph, read, again)) return *found;
        }
        for (const std::uint32_t read : reads_)
            if (const auto found = check_listed(graph, read)) return *found;
        Finding finding;
        finding.outcome = Outcome::held;
        finding.method = "clocks";
        return finding;
    }

private:
    using Name = std::pair<TextId, TextId>;
    const Call& at(std::uint32_t index) const { return history_.calls[index]; }

    bool gather() {
        for (std::uint32_t index = 0; index < history_.calls.size(); ++index) {
            const Call& call = at(index);
            if (call.status == Status::failed) continue;
            if (call.action == Action::expire) return false;
            const bool known = call.status == Status::ok;
            if (call.action == Action::members) {
                if (known) reads_.push_back(index);
                continue;
            }
            if (known && !call.agreed) continue;
            Membership& mine = members_[{call.object, call.argument}];
            std::uint32_t& place = call.action == Action::join ? mine.join
                                   : known                     ? mine.leave
                                                               : mine.maybe_left;
            if (place != nobody) return false;
            place = index;
            if (call.action == Action::join) mine.leased = call.ttl_ns > 0;
        }
        for (auto& [name, mine] : members_) mine.leased &= mine.leave == nobody;
        return true;
    }

    std::optional<Finding> come_from_somewhere() {
        for (const std::uint32_t read : reads_)
            for (const TextId member : history_.list(at(read).result)) {
                const auto found = members_.find({at(read).object, member});
                if (found == members_.end() || found->second.join == nobody)
                    return violated_by(history_, "clocks", "a member that never joined", {read});
                found->second.seen = true;
            }
        for (const auto& [name, mine] : members_)
            if (mine.leave != nobody && mine.join == nobody)
                return violated_by(history_, "clocks", "left without having joined", {mine.leave});
        return std::nullopt;
    }

    bool happened(const Membership& mine) const {
        if (mine.join == nobody) return false;
        return at(mine.join).status == Status::ok || mine.seen || mine.leave != nobody;
    }

    Indices included() const {
        std::set<std::uint32_t> chosen;
        for (std::uint32_t i = 0; i < history_.calls.size(); ++i)
            if (at(i).status == Status::ok) chosen.insert(i);
        for (const auto& [name, mine] : members_) {
            if (!happened(mine)) continue;
            chosen.insert(mine.join);
            if (mine.maybe_left != nobody && mine.leave == nobody) chosen.insert(mine.maybe_left);
        }
        return {chosen.begin(), chosen.end()};
    }

    void add_joins(CausalGraph& graph) const {
        for (const std::uint32_t read : reads_)
            for (const TextId member : history_.list(at(read).result))
                graph.add_reads_from(members_.at({at(read).object, member}).join, read);
        for (const auto& [name, mine] : members_) {
            if (!happened(mine)) continue;
            if (mine.leave != nobody) graph.add_reads_from(mine.join, mine.leave);
            else if (mine.maybe_left != nobody) graph.add_reads_from(mine.join, mine.maybe_left);
        }
    }

    bool lists(std::uint32_t read, TextId member) const {
        const auto list = history_.list(at(read).result);
        return std::binary_search(list.begin(), list.end(), member);
    }

    std::optional<Finding> check_missing(CausalGraph& graph, std::uint32_t read, bool& again) {
        for (auto each = members_.lower_bound({at(read).object, 0});
             each != members_.end() && each->first.first == at(read).object; ++each) {
            Membership& mine = each->second;
            if (!happened(mine) || lists(read, each->first.second)) continue;
            if (!graph.before(mine.join, read)) continue;
            const std::uint32_t end = mine.leave != nobody ? mine.leave : mine.maybe_left;
            if (mine.leased) {
                // The lease's end depends on nothing but the join.
                if (std::find(mine.ended_by.begin(), mine.ended_by.end(), read) ==
                    mine.ended_by.end())
                    mine.ended_by.push_back(read);
            } else if (end == nobody) {
                return violated_by(history_, "clocks",
                                   "a member is missing for one who knew that it had joined",
                                   graph.path(mine.join, read));
            } else if (!graph.before(end, read)) {
                graph.add_reads_from(end, read);
                again = true;
            }
        }
        return std::nullopt;
    }

    std::optional<Finding> check_listed(const CausalGraph& graph, std::uint32_t read) const {
        for (const TextId member : history_.list(at(read).result)) {
            const Membership& mine = members_.at({at(read).object, member});
            const std::uint32_t end = mine.leave != nobody ? mine.leave : mine.maybe_left;
            if (end != nobody && graph.before(end, read))
                return violated_by(history_, "clocks",
                                   "a member is listed for one who knew that it had left",
                                   graph.path(end, read));
            for (const std::uint32_t missed : mine.ended_by)
                if (graph.before(missed, read))
                    return violated_by(history_, "clocks",
                                       "a member is listed for one who knew that it was gone",
                                       graph.path(missed, read));
        }
        return std::nullopt;
    }

    const Calls& history_;
    std::map<Name, Membership> members_;
    Indices reads_;
};

}  // namespace

Finding causal_groups(const Calls& history) { return CausalGroups(history).run(); }

Finding check_causal(const Calls& history, Model model, const CheckOptions&) {
    switch (model) {
        case Model::register_:
        case Model::cas_register: return causal_registers(history);
        case Model::group: return causal_groups(history);
        default: return causal_unsure("causality is defined for registers and groups");
    }
}

}  // namespace conclave::properties
