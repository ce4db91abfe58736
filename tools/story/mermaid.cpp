// A sequence diagram for Mermaid.

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <sstream>

#include "traces.hpp"

namespace conclave::tool {

using scenarios::Account;
using Kind = Account::Kind;

namespace {

constexpr std::size_t text_bytes_max = 72;

/// Mermaid gives a meaning to more characters than it is worth to list: others than these are
/// written by their number.
std::string mermaid_text(const std::string& text) {
    std::string out;
    for (const char c : shortened(text, text_bytes_max)) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) || std::string_view(" .,_-/*'()").find(c) != std::string_view::npos)
            out += c;
        else if (byte >= 0x80)
            out += '?';
        else
            out += "#" + std::to_string(static_cast<int>(byte)) + ";";
    }
    return out;
}

struct DiagramLine {
    std::int64_t at_ns;
    std::string text;
};

class MermaidDiagram {
public:
    MermaidDiagram(const Account& account, const Focus& focus) : account_(account), focus_(focus) {}

    std::string text() {
        collect();
        const std::size_t left_out = keep_nearest(lines_, focus_.at_ns, mermaid_events_max);
        std::ostringstream out;
        out << "sequenceDiagram\n";
        for (std::size_t lane = 0; lane < account_.lanes.size(); ++lane)
            out << "  participant " << id(lane) << " as "
                << mermaid_text(account_.lanes[lane].name) << '\n';
        if (left_out > 0)
            out << "  Note over " << all_lanes() << ": " << left_out
                << " events further from the " << (focus_.violated ? "violation" : "end")
                << " are left out\n";
        for (const DiagramLine& line : lines_) out << "  " << line.text << '\n';
        return out.str();
    }

private:
    static std::string id(std::size_t lane) { return "P" + std::to_string(lane + 1); }

    std::string all_lanes() const {
        return account_.lanes.size() < 2 ? id(0) : id(0) + "," + id(account_.lanes.size() - 1);
    }

    void note(std::int64_t at_ns, const std::string& over, const std::string& text) {
        lines_.push_back(
            {at_ns, "Note over " + over + ": " + moment_text(at_ns) + "<br/>" + mermaid_text(text)});
    }

    void collect() {
        for (const Account::FaultSpan& fault : account_.faults) {
            note(fault.begin_ns, all_lanes(), fault.text);
            if (fault.end_ns > fault.begin_ns) note(fault.end_ns, all_lanes(), fault.text + " is over");
        }
        for (const Account::Event& event : account_.events)
            if (event.kind == Kind::called || event.kind == Kind::returned) add_operation(event);
            else if (event.kind == Kind::lived) note(event.at_ns, id(event.lane), event.text);
        for (const Account::Belief& belief : account_.beliefs) {
            if (!focus_.objects.contains(belief.object)) continue;
            note(belief.begin_ns, id(belief.lane), belief.what);
            note(belief.end_ns, id(belief.lane), "no longer " + belief.what + " (" + belief.end + ")");
        }
        add_messages();
        std::stable_sort(lines_.begin(), lines_.end(), [](const auto& a, const auto& b) {
            return a.at_ns < b.at_ns;
        });
    }

    void add_operation(const Account::Event& event) {
        const properties::Operation& operation = account_.operations[event.of.front()];
        if (!focus_.objects.contains(operation.object)) return;
        note(event.at_ns, id(event.lane),
             event.kind == Kind::called ? call_text(operation) + " called" : return_text(operation));
    }

    void add_messages() {
        const std::vector<bool> about = messages_about(account_, focus_.objects);
        for (std::size_t i = 0; i < about.size(); ++i) {
            if (!about[i]) continue;
            const Account::Message& message = account_.messages[i];
            const bool arrives = message.received_ns != properties::never_ns;
            const std::string arrow = !arrives ? "-x" : message.reply ? "-->>" : "->>";
            const std::int64_t at_ns = arrives ? message.received_ns : message.sent_ns;
            lines_.push_back({at_ns, id(message.from) + arrow + id(message.to) + ": " +
                                         mermaid_text(message.text.empty() ? "(nothing)"
                                                                           : message.text)});
        }
    }

    const Account& account_;
    const Focus& focus_;
    std::vector<DiagramLine> lines_;
};

}  // namespace

std::string mermaid_diagram(const Account& account, const Focus& focus) {
    return MermaidDiagram(account, focus).text();
}

}  // namespace conclave::tool
