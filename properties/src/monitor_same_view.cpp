#include <algorithm>

#include "clusters.hpp"

namespace conclave::properties {

namespace {

/// Values lined up one after the other, each when no other has to come before it. A value has to come
/// before another when its write returned before the other was written or read, or when a read of it
/// returned before the other was read.
class ViewMonitor {
public:
    ViewMonitor(const Calls& history, std::span<const std::uint32_t> which)
        : history_(history), which_(which), clusters_(history, which) {}

    Finding run(Model model, const CheckOptions& options) {
        Finding unsure;
        unsure.method = "views";
        for (const std::uint32_t index : which_)
            if (history_.calls[index].action == Action::cas) return unsure;
        if (!clusters_.gather()) return unsure;
        if (clusters_.contradiction()) return *clusters_.contradiction();
        measure();
        line_up();
        if (order_.size() < values_.size()) return contradiction();
        Indices writers;
        for (const std::uint32_t value : order_)
            if (clusters_.all()[values_[value].cluster].writer != nobody)
                writers.push_back(clusters_.all()[values_[value].cluster].writer);
        const MakeOrder order = [&](const Program& program) { return view_order(history_, program); };
        return judge_by_order(history_, model, which_, order, writers, options, "views");
    }

private:
    struct Value {
        std::uint32_t cluster = 0;
        std::int64_t written_ns = never_ns;      ///< when the write returned
        std::int64_t read_ns = never_ns;         ///< when the first read returned
        std::int64_t read_call_ns = INT64_MIN;   ///< when the last read was called
        std::int64_t called_ns = INT64_MIN;      ///< when the write or the last read was called
    };

    void measure() {
        for (std::uint32_t i = 0; i < clusters_.all().size(); ++i) {
            const Cluster& cluster = clusters_.all()[i];
            if (!cluster.included) continue;
            Value value{.cluster = i};
            if (i == 0) value.written_ns = INT64_MIN;
            if (cluster.writer != nobody) {
                const Call& write = history_.calls[cluster.writer];
                value.called_ns = write.call_ns;
                if (write.status == Status::ok) value.written_ns = write.return_ns;
            }
            if (cluster.first_read != nobody) {
                value.read_ns = history_.calls[cluster.first_read].return_ns;
                value.read_call_ns = history_.calls[cluster.last_read].call_ns;
                value.called_ns = std::max(value.called_ns, value.read_call_ns);
            }
            values_.push_back(value);
        }
        by_written_ = by_read_ = by_called_ = numbered(values_.size());
        const auto sort_by = [&](Indices& numbers, std::int64_t Value::*field) {
            std::sort(numbers.begin(), numbers.end(), [&](std::uint32_t a, std::uint32_t b) {
                return std::pair(values_[a].*field, a) < std::pair(values_[b].*field, b);
            });
        };
        sort_by(by_written_, &Value::written_ns);
        sort_by(by_read_, &Value::read_ns);
        sort_by(by_called_, &Value::called_ns);
        placed_.assign(values_.size(), false);
    }

    static Indices numbered(std::size_t count) {
        Indices numbers(count);
        for (std::uint32_t i = 0; i < count; ++i) numbers[i] = i;
        return numbers;
    }

    /// The first value of `sorted` that is neither placed nor `but`.
    std::uint32_t first(const Indices& sorted, std::size_t& from, std::uint32_t but) const {
        while (from < sorted.size() && placed_[sorted[from]]) ++from;
        for (std::size_t i = from; i < sorted.size(); ++i)
            if (!placed_[sorted[i]] && sorted[i] != but) return sorted[i];
        return nobody;
    }

    /// A value that has to come before `value`; nobody when there is none.
    std::uint32_t blocker(std::uint32_t value) {
        const std::uint32_t written = first(by_written_, written_from_, value);
        if (written != nobody && values_[written].written_ns < values_[value].called_ns)
            return written;
        const std::uint32_t read = first(by_read_, read_from_, value);
        if (read != nobody && values_[read].read_ns < values_[value].read_call_ns) return read;
        return nobody;
    }

    void place(std::uint32_t value) {
        placed_[value] = true;
        order_.push_back(value);
    }

    /// Only the two values that block the others by being first, and those that nobody blocks, can be
    /// next: so each round looks at few.
    void line_up() {
        std::size_t called_from = 0;
        Indices waiting;  // called in time for the first write, perhaps not for the first read
        for (bool again = true; again;) {
            again = false;
            for (const Indices* sorted : {&by_written_, &by_read_}) {
                std::size_t& from = sorted == &by_written_ ? written_from_ : read_from_;
                const std::uint32_t next = first(*sorted, from, nobody);
                if (next == nobody || blocker(next) != nobody) continue;
                place(next);
                again = true;
            }
            const std::uint32_t written = first(by_written_, written_from_, nobody);
            if (written == nobody) return;
            while (called_from < by_called_.size() &&
                   values_[by_called_[called_from]].called_ns <= values_[written].written_ns)
                waiting.push_back(by_called_[called_from++]);
            again |= place_waiting(waiting);
        }
    }

    bool place_waiting(Indices& waiting) {
        const std::uint32_t read = first(by_read_, read_from_, nobody);
        const std::int64_t until_ns = read == nobody ? never_ns : values_[read].read_ns;
        const std::size_t before = order_.size();
        std::erase_if(waiting, [&](std::uint32_t value) {
            if (placed_[value]) return true;
            if (values_[value].read_call_ns > until_ns) return false;
            place(value);
            return true;
        });
        return order_.size() != before;
    }

    Finding contradiction() {
        std::uint32_t value = first(by_written_, written_from_, nobody);
        Indices path;
        while (std::find(path.begin(), path.end(), value) == path.end()) {
            path.push_back(value);
            value = blocker(value);
        }
        path.erase(path.begin(), std::find(path.begin(), path.end(), value));
        Indices calls;
        for (const std::uint32_t each : path) {
            const Cluster& cluster = clusters_.all()[values_[each].cluster];
            for (const std::uint32_t index :
                 {cluster.writer, cluster.first_read, cluster.last_read})
                if (index != nobody && std::find(calls.begin(), calls.end(), index) == calls.end())
                    calls.push_back(index);
        }
        return violated_by(history_, "views", "values each of which had to be replaced by another",
                           calls);
    }

    const Calls& history_;
    std::span<const std::uint32_t> which_;
    Clusters clusters_;
    std::vector<Value> values_;
    Indices by_written_, by_read_, by_called_, order_;
    std::vector<bool> placed_;
    std::size_t written_from_ = 0, read_from_ = 0;
};

}  // namespace

Finding monitor_same_view(const Calls& history, Model model, std::span<const std::uint32_t> which) {
    if (model == Model::register_ || model == Model::cas_register)
        return ViewMonitor(history, which).run(model, {});
    return {};
}

}  // namespace conclave::properties
