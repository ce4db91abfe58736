// The trace event format of Chrome, which Perfetto reads too.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "traces.hpp"

namespace conclave::tool {

using nlohmann::json;
using scenarios::Account;

namespace {

/// Threads of each process of the trace; what overlaps goes to further ones behind `first`.
constexpr std::size_t messages_row = 1;
constexpr std::size_t told_row = 2;
constexpr std::size_t operations_row = 10;
constexpr std::size_t beliefs_row = 1000;

double microseconds(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1000; }

/// Finds a row for each of many spans, so that no two on one row overlap.
class Rows {
public:
    std::size_t place(std::size_t lane, std::int64_t begin_ns, std::int64_t end_ns) {
        std::vector<std::int64_t>& ends = ends_[lane];
        std::size_t row = 0;
        while (row < ends.size() && ends[row] > begin_ns) ++row;
        if (row == ends.size()) ends.push_back(0);
        ends[row] = end_ns;
        return row;
    }

private:
    std::map<std::size_t, std::vector<std::int64_t>> ends_;
};

class ChromeTrace {
public:
    explicit ChromeTrace(const Account& account) : account_(account) {}

    std::string text() {
        for (std::size_t lane = 0; lane < account_.lanes.size(); ++lane)
            name_process(lane, account_.lanes[lane].name);
        name_process(account_.lanes.size(), "faults");
        add_operations();
        add_beliefs();
        add_faults();
        add_messages();
        add_moments();
        const json trace{{"traceEvents", std::move(events_)}, {"displayTimeUnit", "ns"}};
        return trace.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
    }

private:
    static std::size_t pid(std::size_t lane) { return lane + 1; }

    void name_process(std::size_t lane, const std::string& name) {
        events_.push_back({{"ph", "M"},
                           {"name", "process_name"},
                           {"pid", pid(lane)},
                           {"tid", 0},
                           {"args", {{"name", name}}}});
        events_.push_back({{"ph", "M"},
                           {"name", "process_sort_index"},
                           {"pid", pid(lane)},
                           {"tid", 0},
                           {"args", {{"sort_index", lane}}}});
    }

    void span(const std::string& name, const char* category, std::size_t lane, std::size_t row,
              std::int64_t begin_ns, std::int64_t end_ns, json arguments) {
        events_.push_back({{"ph", "X"},
                           {"name", name},
                           {"cat", category},
                           {"pid", pid(lane)},
                           {"tid", row},
                           {"ts", microseconds(begin_ns)},
                           {"dur", microseconds(end_ns - begin_ns)},
                           {"args", std::move(arguments)}});
    }

    void add_operations() {
        Rows rows;
        for (const properties::Operation& operation : account_.operations) {
            const bool returned = operation.return_ns != properties::never_ns;
            const std::int64_t end_ns = returned ? operation.return_ns : account_.end_ns;
            const std::size_t lane = account_.lane_of(operation.client);
            const std::size_t row = rows.place(lane, operation.call_ns, end_ns);
            static constexpr const char* status[] = {"ok", "failed", "unknown"};
            span(operation.action + " " + operation.object, "operation", lane,
                 operations_row + row, operation.call_ns, end_ns,
                 {{"status", status[static_cast<std::size_t>(operation.status)]},
                  {"result", operation.result},
                  {"returned", returned}});
        }
    }

    void add_beliefs() {
        Rows rows;
        std::vector<Account::Belief> beliefs = account_.beliefs;  // they stand as they ended
        std::stable_sort(beliefs.begin(), beliefs.end(), [](const auto& a, const auto& b) {
            return a.begin_ns < b.begin_ns;
        });
        for (const Account::Belief& belief : beliefs)
            span(belief.what, "belief", belief.lane,
                 beliefs_row + rows.place(belief.lane, belief.begin_ns, belief.end_ns),
                 belief.begin_ns, belief.end_ns, {{"end", belief.end}});
    }

    void add_faults() {
        const std::size_t lane = account_.lanes.size();
        for (std::size_t i = 0; i < account_.faults.size(); ++i) {
            const Account::FaultSpan& fault = account_.faults[i];
            span(fault.text, "fault", lane, i + 1, fault.begin_ns, fault.end_ns, json::object());
        }
    }

    void add_messages() {
        for (std::size_t i = 0; i < account_.messages.size(); ++i) {
            const Account::Message& message = account_.messages[i];
            const std::string number = std::string("#").append(std::to_string(i + 1));
            const std::string name = number + " to " + account_.lanes[message.to].name;
            const bool arrives = message.received_ns != properties::never_ns;
            message_end(name + (arrives ? "" : ", which never arrives"), message.from,
                        message.sent_ns, message);
            if (!arrives) continue;
            message_end(number + " from " + account_.lanes[message.from].name, message.to,
                        message.received_ns, message);
            flow("s", i, message.from, message.sent_ns);
            flow("f", i, message.to, message.received_ns);
        }
    }

    /// A flow needs something to begin and end at; it lasts as little as there is.
    void message_end(const std::string& name, std::size_t lane, std::int64_t at_ns,
                     const Account::Message& message) {
        span(name, "message", lane, messages_row, at_ns, at_ns + 1,
             {{"text", message.text}, {"bytes", message.bytes}, {"connection", message.connection}});
    }

    void flow(const char* phase, std::size_t number, std::size_t lane, std::int64_t at_ns) {
        events_.push_back({{"ph", phase},
                           {"name", "message"},
                           {"cat", "message"},
                           {"id", number + 1},
                           {"bp", "e"},
                           {"pid", pid(lane)},
                           {"tid", messages_row},
                           {"ts", microseconds(at_ns)}});
    }

    void add_moments() {
        for (const Account::Event& event : account_.events) {
            if (event.text.empty()) continue;
            events_.push_back({{"ph", "i"},
                               {"name", event.text},
                               {"cat", "moment"},
                               {"s", "t"},
                               {"pid", pid(event.lane)},
                               {"tid", told_row},
                               {"ts", microseconds(event.at_ns)}});
        }
    }

    const Account& account_;
    json events_ = json::array();
};

}  // namespace

std::string chrome_trace(const Account& account) { return ChromeTrace(account).text(); }

}  // namespace conclave::tool
