#include <algorithm>
#include <tuple>

#include "clusters.hpp"

namespace conclave::properties {

namespace {

class RegisterMonitor {
public:
    RegisterMonitor(const Calls& history, std::span<const std::uint32_t> which)
        : history_(history), which_(which), clusters_(history, which) {}

    Finding run(Model model, const CheckOptions& options) {
        Finding unsure;
        unsure.method = "zones";
        if (!clusters_.gather()) return unsure;
        if (clusters_.contradiction()) return *clusters_.contradiction();
        if (const auto found = walk_chains()) return *found;
        if (const auto conflict = arrange(zones_)) return crossing(conflict->first, conflict->second);
        if (const auto found = check_refused()) return *found;
        if (!clusters_.refused_cas() && !has_instants(history_, which_)) return whole_order();
        return place_refused(model, options);
    }

private:
    const Call& at(std::uint32_t index) const { return history_.calls[index]; }

    void widen(Zone& zone, std::uint32_t index) const {
        const Call& call = at(index);
        const std::int64_t return_ns = call.status == Status::ok ? call.return_ns : never_ns;
        if (return_ns < zone.first_return_ns) {
            zone.first_return_ns = return_ns;
            zone.first_return = index;
        }
        if (call.call_ns > zone.last_call_ns) {
            zone.last_call_ns = call.call_ns;
            zone.last_call = index;
        }
    }

    /// Values chained by cas stand together: each chain becomes one zone.
    std::optional<Finding> walk_chains() {
        const std::vector<Cluster>& all = clusters_.all();
        std::size_t visited = 0, included = 0;
        for (std::uint32_t i = 0; i < all.size(); ++i) {
            included += all[i].included;
            if (!all[i].included || all[i].previous != nobody) continue;
            Zone zone{never_ns, INT64_MIN, nobody, nobody, i};
            for (std::uint32_t each = i; each != nobody; each = all[each].next, ++visited)
                if (const auto found = add_cluster(all[each], zone)) return found;
            if (i == 0) zone.first_return_ns = INT64_MIN;  // written before everything
            if (zone.last_call != nobody) zones_.push_back(zone);
        }
        if (visited == included) return std::nullopt;
        for (std::uint32_t i = 0; i < all.size(); ++i)
            if (all[i].included && all[i].previous != nobody && in_cycle(i))
                return violated_by(history_, "zones", "each of these had to come before the next",
                                   cycle_of(i));
        return std::nullopt;
    }

    bool in_cycle(std::uint32_t start) const {
        std::uint32_t each = clusters_.all()[start].next;
        while (each != nobody && each != start) each = clusters_.all()[each].next;
        return each == start;
    }
    Indices cycle_of(std::uint32_t start) const {
        Indices calls{clusters_.all()[start].writer};
        for (std::uint32_t each = clusters_.all()[start].next; each != start;
             each = clusters_.all()[each].next)
            calls.push_back(clusters_.all()[each].writer);
        return calls;
    }

    /// Adds the calls of one value behind those of the values before it in the chain.
    std::optional<Finding> add_cluster(const Cluster& cluster, Zone& zone) const {
        const bool read_first = cluster.writer != nobody && cluster.first_read != nobody &&
                                at(cluster.first_read).return_ns < at(cluster.writer).call_ns;
        if (read_first)
            return violated_by(history_, "zones", "a value was read before it was written",
                               {cluster.first_read, cluster.writer});
        Zone mine{never_ns, INT64_MIN, nobody, nobody, 0};
        for (const std::uint32_t index : {cluster.writer, cluster.first_read, cluster.last_read})
            if (index != nobody) widen(mine, index);
        if (mine.first_return_ns < zone.last_call_ns)
            return violated_by(history_, "zones", "a value came before the one that it replaced",
                               {mine.first_return, zone.last_call});
        if (mine.first_return != nobody) widen(zone, mine.first_return);
        if (mine.last_call != nobody) widen(zone, mine.last_call);
        return std::nullopt;
    }

    Finding crossing(const Zone& one, const Zone& two) const {
        Indices calls;
        for (const std::uint32_t index :
             {one.first_return, two.last_call, two.first_return, one.last_call})
            if (index != nobody && std::find(calls.begin(), calls.end(), index) == calls.end())
                calls.push_back(index);
        return violated_by(history_, "zones",
                           "two values that each had to be current before the other was", calls);
    }

    /// A refused cas all of whose time its value was surely current.
    std::optional<Finding> check_refused() const {
        if (!clusters_.refused_cas()) return std::nullopt;
        for (const std::uint32_t index : which_) {
            const Call& call = at(index);
            if (call.action != Action::cas || call.status != Status::ok || call.agreed) continue;
            const std::uint32_t number = clusters_.find(call.argument);
            if (number == nobody) continue;
            const Cluster& cluster = clusters_.all()[number];
            if (!cluster.included) continue;
            Zone zone{never_ns, INT64_MIN, nobody, nobody, 0};
            for (const std::uint32_t each : {cluster.writer, cluster.first_read, cluster.last_read})
                if (each != nobody) widen(zone, each);
            if (call.argument == 0) zone.first_return_ns = INT64_MIN;
            if (zone.first_return_ns < call.call_ns && call.return_ns < zone.last_call_ns) {
                Indices calls{index, zone.last_call};
                if (zone.first_return != nobody) calls.insert(calls.begin(), zone.first_return);
                return violated_by(history_, "zones",
                                   "a cas was refused while its value was current", calls);
            }
        }
        return std::nullopt;
    }

    /// Refused cas calls have to be placed among the values, and ties of a session kept: a search, told
    /// that a write has to come before everything that saw its value or a later one of its chain.
    Finding place_refused(Model model, const CheckOptions& options) {
        std::vector<std::int64_t> deadline_ns(which_.empty() ? 0 : which_.back() + 1, never_ns);
        std::vector<bool> surely(deadline_ns.size(), false);
        for (const Zone& zone : zones_) tighten(zone.payload, deadline_ns, surely);
        release(zones_);
        clusters_ = Clusters(history_, {});
        Program program = compile(history_, model, which_, {options.strict});
        for (Item& item : program.items) {
            item.return_ns = std::min(item.return_ns, deadline_ns[item.source]);
            if (surely[item.source]) item.optional = false;
        }
        release(deadline_ns);
        release(surely);
        const Order order = real_time_order(history_, program);
        Search search(program, order, budget_for(program.items.size(), options));
        search.values_are_unique(history_.text_count());
        Finding finding;
        finding.method = "zones";
        if (search.run() != Outcome::held) return finding;
        finding.outcome = Outcome::held;
        finding.witness = witness_of(program, search.order());
        return finding;
    }

    void tighten(std::uint32_t head, std::vector<std::int64_t>& deadline_ns,
                 std::vector<bool>& surely) const {
        const std::vector<Cluster>& all = clusters_.all();
        Indices chain;
        for (std::uint32_t each = head; each != nobody; each = all[each].next) chain.push_back(each);
        std::int64_t earliest_ns = never_ns;
        for (auto each = chain.rbegin(); each != chain.rend(); ++each) {
            const Cluster& cluster = all[*each];
            if (cluster.first_read != nobody)
                earliest_ns = std::min(earliest_ns, at(cluster.first_read).return_ns);
            if (cluster.writer == nobody) continue;
            if (at(cluster.writer).status == Status::ok)
                earliest_ns = std::min(earliest_ns, at(cluster.writer).return_ns);
            deadline_ns[cluster.writer] = earliest_ns;
            surely[cluster.writer] = true;
        }
    }

    /// Zones in order, values within them in order, and each value's reads behind its write.
    Finding whole_order() const {
        const std::vector<Cluster>& all = clusters_.all();
        std::vector<std::uint32_t> rank(all.size(), 0);
        std::uint32_t next = 0;
        for (const Zone& zone : zones_)
            for (std::uint32_t each = zone.payload; each != nobody; each = all[each].next)
                rank[each] = next++;
        struct Placed {
            std::uint32_t rank;
            std::int64_t call_ns;
            std::uint32_t index;
        };
        std::vector<Placed> placed;
        placed.reserve(which_.size());
        for (const std::uint32_t index : which_) {
            const Call& call = at(index);
            if (call.status == Status::failed) continue;
            const bool reads = call.action == Action::read ||
                               (call.action == Action::cas && !Clusters::replaces(call));
            if (reads && call.status == Status::unknown) continue;
            const TextId value = call.action == Action::read    ? call.result
                                 : call.action == Action::write ? call.argument
                                                                : call.second;
            const std::uint32_t cluster = clusters_.find(value);
            if (!all[cluster].included) continue;
            placed.push_back({rank[cluster], reads ? call.call_ns : INT64_MIN, index});
        }
        std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
            return std::tie(a.rank, a.call_ns, a.index) < std::tie(b.rank, b.call_ns, b.index);
        });
        Finding finding;
        finding.outcome = Outcome::held;
        finding.method = "zones";
        finding.witness.reserve(placed.size());
        for (const Placed& each : placed) finding.witness.push_back(each.index);
        return finding;
    }

    const Calls& history_;
    std::span<const std::uint32_t> which_;
    Clusters clusters_;
    std::vector<Zone> zones_;
};

}  // namespace

Finding monitor_register(const Calls& history, Model model, std::span<const std::uint32_t> which,
                         const CheckOptions& options) {
    return RegisterMonitor(history, which).run(model, options);
}

}  // namespace conclave::properties
