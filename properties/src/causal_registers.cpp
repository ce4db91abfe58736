// Registers whose values are each written once. A read is bad when its value comes from nowhere or
// from what depends on the read, when it is the initial one though a write is known to the reader, and
// when the reader knows of a write that knew of its value.
//
// Source: Bouajjani, Enea, Guerraoui, Hamza, "On verifying causal consistency", section 5.

#include <algorithm>
#include <map>

#include "causal.hpp"
#include "flat_table.hpp"
#include "monitors.hpp"

namespace conclave::properties {

namespace {

class CausalRegisters {
public:
    explicit CausalRegisters(const Calls& history) : history_(history) {}

    Finding run() {
        if (!find_writers()) return causal_unsure("values are not unique: causality is not known");
        Indices included;
        if (const auto found = include(included)) return *found;
        CausalGraph graph(history_, std::move(included));
        if (graph.included().size() * graph.lanes() > clock_entries_max)
            return causal_unsure("too many sessions");
        for (const std::uint32_t index : graph.included())
            if (reads(index) && writer_of(index) != nobody)
                graph.add_reads_from(writer_of(index), index);
        const Indices cycle = graph.close();
        if (!cycle.empty())
            return violated_by(history_, "clocks", "each of these depends on the one before", cycle);
        list_writes(graph);
        for (const std::uint32_t index : graph.included())
            if (const auto found = reads(index) ? check_read(graph, index) : std::nullopt)
                return *found;
        Finding finding;
        finding.outcome = Outcome::held;
        finding.method = "clocks";
        return finding;
    }

private:
    const Call& at(std::uint32_t index) const { return history_.calls[index]; }

    bool writes(std::uint32_t index) const {
        const Call& call = at(index);
        if (call.action == Action::write) return call.status != Status::failed;
        return call.action == Action::cas && call.argument != call.second &&
               (call.status == Status::unknown || (call.status == Status::ok && call.agreed));
    }
    /// A refused cas saw some other value, and does not say which.
    bool reads(std::uint32_t index) const {
        const Call& call = at(index);
        if (call.action == Action::read) return call.status == Status::ok;
        if (call.action != Action::cas) return false;
        return call.status == Status::unknown || (call.status == Status::ok && call.agreed);
    }
    TextId value_read(std::uint32_t index) const {
        return at(index).action == Action::read ? at(index).result : at(index).argument;
    }
    static std::uint64_t name(TextId object, TextId value) {
        return (static_cast<std::uint64_t>(object) << 32) | value;
    }
    std::uint32_t writer_of(std::uint32_t index) {
        const TextId value = value_read(index);
        return value == 0 ? nobody : writers_.find_or_add(name(at(index).object, value), nobody);
    }

    bool find_writers() {
        for (std::uint32_t index = 0; index < history_.calls.size(); ++index) {
            if (!writes(index)) continue;
            const Call& call = at(index);
            const TextId value = call.action == Action::cas ? call.second : call.argument;
            if (value == 0) return false;
            if (writers_.find_or_add(name(call.object, value), index) != index) return false;
        }
        return true;
    }

    /// Everything known, and what of unknown outcome was seen.
    std::optional<Finding> include(Indices& included) {
        std::vector<bool> needed(history_.calls.size(), false);
        for (std::uint32_t i = 0; i < history_.calls.size(); ++i) {
            if (at(i).status != Status::ok) continue;
            needed[i] = true;
            for (std::uint32_t reader = i; reads(reader) && value_read(reader) != 0;) {
                const std::uint32_t writer = writer_of(reader);
                if (writer == nobody)
                    return violated_by(history_, "clocks", "a value that nobody wrote", {reader});
                if (needed[writer]) break;
                needed[writer] = true;
                reader = writer;
            }
        }
        for (std::uint32_t i = 0; i < history_.calls.size(); ++i)
            if (needed[i]) included.push_back(i);
        return std::nullopt;
    }

    /// The writes of each lane on each object, by position.
    void list_writes(const CausalGraph& graph) {
        for (const std::uint32_t index : graph.included())
            if (writes(index))
                writes_[{at(index).object, graph.lane_of(index)}].push_back(index);
        for (auto& [place, list] : writes_)
            std::sort(list.begin(), list.end(), [&](std::uint32_t a, std::uint32_t b) {
                return graph.position_of(a) < graph.position_of(b);
            });
    }

    std::optional<Finding> check_read(const CausalGraph& graph, std::uint32_t read) {
        const std::uint32_t writer = writer_of(read);
        const TextId object = at(read).object;
        for (auto list = writes_.lower_bound({object, 0});
             list != writes_.end() && list->first.first == object; ++list) {
            const std::uint32_t seen = graph.seen(read, list->first.second);
            const auto after = std::partition_point(
                list->second.begin(), list->second.end(),
                [&](std::uint32_t write) { return graph.position_of(write) <= seen; });
            if (after == list->second.begin()) continue;
            const std::uint32_t latest = *(after - 1);
            if (latest == writer) continue;
            if (writer != nobody && !graph.before(writer, latest)) continue;
            Indices calls = graph.path(latest, read);
            if (writer != nobody) calls.insert(calls.begin(), writer);
            return violated_by(history_, "clocks",
                               writer == nobody
                                   ? "the initial value was read by one who knew of a write"
                                   : "a value was read by one who knew that it was overwritten",
                               calls);
        }
        return std::nullopt;
    }

    const Calls& history_;
    NumberTable writers_;
    std::map<std::pair<TextId, std::uint32_t>, Indices> writes_;
};

}  // namespace

Finding causal_registers(const Calls& history) { return CausalRegisters(history).run(); }

}  // namespace conclave::properties
