#include "disturbance.hpp"

#include <charconv>
#include <sstream>

#include "conclave/scenarios/plan.hpp"

namespace conclave::tool {

namespace {

constexpr double usual_rate = 0.05;

double rate_in(const std::string& item, std::size_t equals) {
    if (equals == std::string::npos) return usual_rate;
    double rate = -1;
    const char* const end = item.data() + item.size();
    const auto read = std::from_chars(item.data() + equals + 1, end, rate);
    if (read.ec == std::errc{} && read.ptr == end && rate >= 0 && rate <= 1) return rate;
    throw scenarios::FileError("--faults " + item + ": expected a rate in 0..1, for example " +
                               item.substr(0, equals) + "=0.05");
}

}  // namespace

const std::map<std::string, std::string, std::less<>>& served_faults() {
    static const std::map<std::string, std::string, std::less<>> kinds{
        {"clog", "of answers, delayed by up to 200 ms"},
        {"reply_lost", "of answers, lost with their connection after the server acted"},
        {"request_lost", "of requests, lost with their connection before the server acted"},
        {"reset", "of answers, the last of their connection"},
        {"slow_command", "of seconds, in which a script begins that lasts 0.1 s to 8 s"},
        {"too_many_connections", "of seconds, from which on new connections are refused for 0.1 s to 3 s"},
    };
    return kinds;
}

Disturbances parse_disturbances(const std::string& text) {
    Disturbances disturbances;
    std::istringstream items(text);
    for (std::string item; std::getline(items, item, ',');) {
        const std::size_t equals = item.find('=');
        const std::string kind = item.substr(0, equals);
        if (!served_faults().contains(kind)) {
            std::string known;
            for (const auto& [name, counted] : served_faults())
                known += (known.empty() ? "" : ", ") + name;
            throw scenarios::FileError("--faults: unknown fault '" + kind +
                                       "', expected some of: " + known);
        }
        disturbances[kind] = rate_in(item, equals);
    }
    return disturbances;
}

std::string to_text(const Disturbances& disturbances) {
    std::ostringstream text;
    for (const auto& [kind, rate] : disturbances)
        text << (text.tellp() == 0 ? "" : ",") << kind << '=' << rate;
    return text.str();
}

}  // namespace conclave::tool
