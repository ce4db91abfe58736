#include "timeline.hpp"

#include <algorithm>
#include <sstream>

namespace conclave::tool {

using scenarios::Account;
using Kind = Account::Kind;

namespace {

constexpr std::size_t lane_lines_max = 14;
constexpr std::size_t line_bytes_max = 100;

struct TimelineLine {
    std::int64_t at_ns;
    std::string text;
};

class Timeline {
public:
    Timeline(const Account& account, const Focus& focus)
        : account_(account), focus_(focus), lanes_(account.lanes.size()) {}

    std::string text() {
        collect();
        print_head();
        print_faults();
        std::string silent;
        for (std::size_t lane = 0; lane < lanes_.size(); ++lane)
            if (lanes_[lane].empty())
                silent += (silent.empty() ? "" : ", ") + account_.lanes[lane].name;
            else print_lane(lane);
        if (!silent.empty()) out_ << "  nothing to tell of " << silent << '\n';
        return out_.str();
    }

private:
    void add(std::size_t lane, std::int64_t at_ns, const std::string& text) {
        if (at_ns < focus_.begin_ns || at_ns > focus_.end_ns) return;
        lanes_[lane].push_back({at_ns, shortened(text, line_bytes_max)});
    }

    void collect() {
        for (const Account::Event& event : account_.events) add_event(event);
        for (const Account::Belief& belief : account_.beliefs) {
            if (!focus_.objects.contains(belief.object)) continue;
            add(belief.lane, belief.begin_ns, "believes from here on that it " + belief.what);
            add(belief.lane, belief.end_ns, "no longer believes that it " + belief.what + ": " + belief.end);
        }
        add_messages();
        for (std::vector<TimelineLine>& lines : lanes_)
            std::stable_sort(lines.begin(), lines.end(),
                             [](const auto& a, const auto& b) { return a.at_ns < b.at_ns; });
    }

    void add_event(const Account::Event& event) {
        const bool called = event.kind == Kind::called;
        if (called || event.kind == Kind::returned) {
            const properties::Operation& operation = account_.operations[event.of.front()];
            if (focus_.objects.contains(operation.object))
                add(event.lane, event.at_ns,
                    called ? "calls " + operation.action + " " + operation.object
                           : return_text(operation));
        }
        if (event.kind == Kind::lived || event.kind == Kind::told)
            add(event.lane, event.at_ns, event.text);
        if (event.kind == Kind::file &&
            std::any_of(focus_.objects.begin(), focus_.objects.end(), [&](const auto& object) {
                return scenarios::names(event.text, object);
            }))
            add(event.lane, event.at_ns, event.text);
    }

    /// On the side of the backend: what it was asked and what it answered.
    void add_messages() {
        const std::vector<bool> about = messages_about(account_, focus_.objects);
        for (std::size_t i = 0; i < about.size(); ++i) {
            if (!about[i]) continue;
            const Account::Message& message = account_.messages[i];
            const std::string& from = account_.lanes[message.from].name;
            if (!account_.lanes[message.from].client)
                add(message.from, message.sent_ns,
                    "to " + account_.lanes[message.to].name + ": " + message.text);
            if (message.received_ns == properties::never_ns)
                add(message.from, message.sent_ns, "what it sends there never arrives");
            else if (!account_.lanes[message.to].client)
                add(message.to, message.received_ns, "from " + from + ": " + message.text);
        }
    }

    void print_head() {
        std::string objects;
        for (const std::string& object : focus_.objects)
            objects += (objects.empty() ? "" : ", ") + object;
        out_ << "timeline of " << shortened(objects, line_bytes_max) << " from "
             << moment_text(focus_.begin_ns) << " to " << moment_text(focus_.end_ns);
        if (focus_.violated) out_ << ", the violation at " << moment_text(focus_.at_ns);
        out_ << '\n';
    }

    void print_faults() {
        out_ << "  faults\n";
        std::size_t shown = 0;
        for (const Account::FaultSpan& fault : account_.faults) {
            if (fault.end_ns < focus_.begin_ns || fault.begin_ns > focus_.end_ns) continue;
            ++shown;
            out_ << "    " << moment_text(fault.begin_ns)
                 << (fault.end_ns > fault.begin_ns ? " to " + moment_text(fault.end_ns) : "") << "  "
                 << fault.text << '\n';
        }
        if (shown == 0) out_ << "    none is active\n";
    }

    void print_lane(std::size_t lane) {
        std::vector<TimelineLine>& lines = lanes_[lane];
        const std::size_t left_out = keep_nearest(lines, focus_.at_ns, lane_lines_max);
        out_ << "  " << (account_.lanes[lane].client ? "client " : "process ")
             << account_.lanes[lane].name << '\n';
        for (const TimelineLine& line : lines)
            out_ << "    " << moment_text(line.at_ns) << "  " << line.text << '\n';
        if (left_out > 0)
            out_ << "    and " << left_out << " more, further from the "
                 << (focus_.violated ? "violation" : "end") << '\n';
    }

    const Account& account_;
    const Focus& focus_;
    std::vector<std::vector<TimelineLine>> lanes_;
    std::ostringstream out_;
};

}  // namespace

std::string timeline_text(const Account& account, const Focus& focus) {
    return Timeline(account, focus).text();
}

}  // namespace conclave::tool
