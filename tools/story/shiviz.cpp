// A log with vector clocks, for ShiViz.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "traces.hpp"

namespace conclave::tool {

using scenarios::Account;
using Kind = Account::Kind;

namespace {

using Clock = std::vector<std::uint64_t>;  // by lane; 0 for one that nothing is known of

/// One word, as the regular expression of the log wants it.
std::string word(std::string name) {
    for (char& c : name)
        if (static_cast<unsigned char>(c) <= ' ') c = '_';
    return name;
}

std::string one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::replace(text.begin(), text.end(), '\r', ' ');
    return text;
}

class ShivizLog {
public:
    explicit ShivizLog(const Account& account)
        : account_(account),
          clocks_(account.lanes.size(), Clock(account.lanes.size())),
          sent_(account.messages.size()) {}

    std::string text() {
        // ShiViz takes the first line as the regular expression and the second as what parts several
        // runs: nothing here.
        out_ << R"((?<host>\S+) (?<clock>\{.*\})\n(?<event>.*))" << "\n\n";
        for (const Account::Event& event : account_.events) add(event);
        return out_.str();
    }

private:
    void add(const Account::Event& event) {
        Clock& clock = clocks_[event.lane];
        if (event.kind == Kind::received)
            for (const std::size_t message : event.of) learn(clock, sent_[message]);
        ++clock[event.lane];
        if (event.kind == Kind::sent) sent_[event.of.front()] = clock;
        out_ << word(account_.lanes[event.lane].name) << ' ' << clock_text(clock) << '\n'
             << one_line(text_of(event)) << '\n';
    }

    static void learn(Clock& clock, const Clock& other) {
        for (std::size_t lane = 0; lane < other.size(); ++lane)
            clock[lane] = std::max(clock[lane], other[lane]);
    }

    std::string clock_text(const Clock& clock) const {
        nlohmann::ordered_json json = nlohmann::ordered_json::object();
        for (std::size_t lane = 0; lane < clock.size(); ++lane)
            if (clock[lane] > 0) json[word(account_.lanes[lane].name)] = clock[lane];
        return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }

    std::string text_of(const Account::Event& event) const {
        std::string text;
        switch (event.kind) {
            case Kind::sent: text = "sends"; break;
            case Kind::received: text = "gets"; break;
            case Kind::called: return "calls " + call_text(account_.operations[event.of.front()]);
            case Kind::returned: return return_text(account_.operations[event.of.front()]);
            default: return event.text;
        }
        for (const std::size_t message : event.of) text += " #" + std::to_string(message + 1);
        const Account::Message& first = account_.messages[event.of.front()];
        const bool sent = event.kind == Kind::sent;
        return text + (sent ? " to " : " from ") +
               account_.lanes[sent ? first.to : first.from].name + ": " + first.text;
    }

    const Account& account_;
    std::vector<Clock> clocks_;
    std::vector<Clock> sent_;  // by message
    std::ostringstream out_;
};

}  // namespace

std::string shiviz_log(const Account& account) { return ShivizLog(account).text(); }

}  // namespace conclave::tool
