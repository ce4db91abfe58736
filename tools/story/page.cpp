#include "page.hpp"

#include <algorithm>
#include <sstream>


namespace conclave::tool {

using scenarios::Account;

namespace {

constexpr std::size_t messages_max = 150;
constexpr int left = 130, width = 860, fault_height = 20, lane_height = 44, top = 30;

constexpr const char* style = R"(
body { font: 14px sans-serif; margin: 2em } pre { background: #f4f4f4; padding: 1em }
text { font: 12px sans-serif } .lane { stroke: #ccc } .fault { fill: #e8a33d; fill-opacity: .7 }
.shade { fill: #e8a33d; fill-opacity: .13 } .call { fill: #9bb8d9 } .hold { fill: #3b7dbd }
.overlap { fill: #d22 } .violation { stroke: #d22; stroke-dasharray: 4 3 }
.message { stroke: #555; stroke-width: .8 } .answer { stroke-dasharray: 3 2 }
.lost { stroke: #d22; stroke-width: 2 }
)";

std::string html_text(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else if (c == '&') out += "&amp;";
        else if (c == '"') out += "&quot;";
        else if (c == '\'') out += "&#39;";
        else if (static_cast<unsigned char>(c) < ' ' && c != '\n') out += '?';  // no XML has it
        else out += c;
    }
    return out;
}

struct DrawnMessage {
    std::int64_t at_ns;
    const Account::Message* message;
};

class Drawing {
public:
    Drawing(const Account& account, const Focus& focus) : account_(account), focus_(focus) {
        for (const Account::FaultSpan& fault : account.faults)
            if (fault.end_ns >= focus.begin_ns && fault.begin_ns <= focus.end_ns)
                faults_.push_back(&fault);
    }

    std::string svg() {
        const int height = lane_top(account_.lanes.size()) + 10;
        out_ << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" << left + width + 20
             << "\" height=\"" << height << "\">\n"
             << "<defs><marker id=\"tip\" refX=\"6\" refY=\"3\" markerWidth=\"7\" "
                "markerHeight=\"6\" orient=\"auto\"><path d=\"M0 0L6 3L0 6z\"/></marker></defs>\n";
        draw_axis();
        for (std::size_t i = 0; i < faults_.size(); ++i) draw_fault(*faults_[i], i);
        for (std::size_t lane = 0; lane < account_.lanes.size(); ++lane) draw_lane(lane);
        for (const Account::Belief& belief : account_.beliefs) draw_belief(belief);
        draw_overlaps();
        draw_messages();
        if (focus_.violated)
            out_ << "<line class=\"violation\" x1=\"" << x(focus_.at_ns) << "\" x2=\""
                 << x(focus_.at_ns) << "\" y1=\"" << top << "\" y2=\"" << height << "\"/>\n";
        out_ << "</svg>\n";
        return out_.str();
    }

private:
    double x(std::int64_t at_ns) const {
        const std::int64_t inside = std::clamp(at_ns, focus_.begin_ns, focus_.end_ns);
        const auto length = static_cast<double>(std::max<std::int64_t>(1, focus_.end_ns - focus_.begin_ns));
        return left + width * static_cast<double>(inside - focus_.begin_ns) / length;
    }
    int lane_top(std::size_t lane) const {
        return top + static_cast<int>(faults_.size()) * fault_height + static_cast<int>(lane) * lane_height;
    }
    int lane_middle(std::size_t lane) const { return lane_top(lane) + lane_height / 2; }

    void box(const char* kind, std::int64_t begin_ns, std::int64_t end_ns, int y, int height,
             const std::string& title) {
        if (end_ns < focus_.begin_ns || begin_ns > focus_.end_ns) return;
        out_ << "<rect class=\"" << kind << "\" x=\"" << x(begin_ns) << "\" y=\"" << y
             << "\" width=\"" << std::max(1.5, x(end_ns) - x(begin_ns)) << "\" height=\"" << height
             << "\"><title>" << html_text(title) << "</title></rect>\n";
    }

    void label(double at_x, int y, const std::string& text) {
        out_ << "<text x=\"" << at_x << "\" y=\"" << y << "\">" << html_text(shortened(text, 120))
             << "</text>\n";
    }

    void draw_axis() {
        constexpr std::int64_t parts = 4;
        for (std::int64_t part = 0; part <= parts; ++part) {
            const std::int64_t at_ns =
                focus_.begin_ns + (focus_.end_ns - focus_.begin_ns) / parts * part;
            label(x(at_ns) - (part == parts ? 70 : 0), 14, moment_text(at_ns));
        }
    }

    void draw_fault(const Account::FaultSpan& fault, std::size_t row) {
        const int y = top + static_cast<int>(row) * fault_height;
        box("fault", fault.begin_ns, fault.end_ns, y, fault_height - 4, fault.text);
        label(x(fault.begin_ns) + 4, y + 13, fault.text);
        for (const std::size_t lane : fault.lanes)
            box("shade", fault.begin_ns, fault.end_ns, lane_top(lane), lane_height, fault.text);
    }

    void draw_lane(std::size_t lane) {
        out_ << "<line class=\"lane\" x1=\"" << left << "\" x2=\"" << left + width << "\" y1=\""
             << lane_middle(lane) << "\" y2=\"" << lane_middle(lane) << "\"/>\n";
        label(4, lane_middle(lane) + 4, shortened(account_.lanes[lane].name, 18));
    }

    void draw_belief(const Account::Belief& belief) {
        if (!focus_.objects.contains(belief.object)) return;
        const int y = lane_middle(belief.lane);
        const std::string name = account_.lanes[belief.lane].name + " ";
        box("call", belief.call_ns, belief.begin_ns, y - 4, 8, name + "calls for " + belief.object);
        box("hold", belief.begin_ns, belief.end_ns, y - 9, 18,
            name + belief.what + " from " + moment_text(belief.begin_ns) + " to " +
                moment_text(belief.end_ns) + ": " + belief.end);
    }

    void draw_overlaps() {
        for (const Account::Belief& one : account_.beliefs)
            for (const Account::Belief& other : account_.beliefs) {
                const bool clash = one.alone && other.alone && one.object == other.object &&
                                   one.lane != other.lane && !(one.shared && other.shared);
                const std::int64_t begin_ns = std::max(one.begin_ns, other.begin_ns);
                const std::int64_t end_ns = std::min(one.end_ns, other.end_ns);
                if (clash && begin_ns < end_ns && focus_.objects.contains(one.object))
                    box("overlap", begin_ns, end_ns, lane_middle(one.lane) - 9, 18,
                        "two believe that they have " + one.object);
            }
    }

    void draw_messages() {
        const std::vector<bool> about = messages_about(account_, focus_.objects);
        std::vector<DrawnMessage> drawn;
        for (std::size_t i = 0; i < about.size(); ++i) {
            const Account::Message& message = account_.messages[i];
            if (about[i] && message.sent_ns >= focus_.begin_ns && message.sent_ns <= focus_.end_ns)
                drawn.push_back({message.sent_ns, &message});
        }
        keep_nearest(drawn, focus_.at_ns, messages_max);
        for (const DrawnMessage& each : drawn) draw_message(*each.message);
    }

    void draw_message(const Account::Message& message) {
        const bool arrives = message.received_ns != properties::never_ns;
        out_ << "<line class=\"message" << (message.reply ? " answer" : "")
             << (arrives ? "" : " lost") << "\" x1=\"" << x(message.sent_ns) << "\" y1=\""
             << lane_middle(message.from) << "\" x2=\""
             << (arrives ? x(message.received_ns) : x(message.sent_ns) + 6) << "\" y2=\""
             << (arrives ? lane_middle(message.to)
                         : (lane_middle(message.from) + lane_middle(message.to)) / 2)
             << "\" marker-end=\"url(#tip)\"><title>" << html_text(account_.lanes[message.from].name)
             << " to " << html_text(account_.lanes[message.to].name) << " at "
             << moment_text(message.sent_ns) << (arrives ? ": " : ", never arrives: ")
             << html_text(shortened(message.text, 300)) << "</title></line>\n";
    }

    const Account& account_;
    const Focus& focus_;
    std::vector<const Account::FaultSpan*> faults_;  // that are shown
    std::ostringstream out_;
};

}  // namespace

std::string html_page(const PageText& text, const Account& account, const Focus& focus) {
    std::ostringstream out;
    out << "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\"><head>"
        << "<meta charset=\"utf-8\"/><title>" << html_text(text.title) << "</title><style>" << style
        << "</style></head><body>\n<h1>" << html_text(text.title) << "</h1>\n<pre>"
        << html_text(text.find) << "</pre>\n<p>Blue bars: what a client believes to have; pale before "
        << "them: its call. Red: two believe it at once. Orange: faults. Arrows: messages about it, "
        << "answers dashed. Each tells more under the pointer.</p>\n"
        << Drawing(account, focus).svg() << "<pre>" << html_text(text.timeline)
        << "</pre>\n</body></html>\n";
    return out.str();
}

}  // namespace conclave::tool
