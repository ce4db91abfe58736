#pragma once

// Which faults `conclave serve` has its clients meet, and how often: what --faults says.

#include <map>
#include <string>
#include <string_view>

namespace conclave::tool {

/// Rates by the names of scenarios' faults; none is 0.
using Disturbances = std::map<std::string, double, std::less<>>;

/// The kinds that can be served, and for --help what a rate of each counts.
const std::map<std::string, std::string, std::less<>>& served_faults();

/// Reads "reply_lost,reset=0.2"; a kind without a rate has the rate 0.05.
/// Errors: scenarios::FileError naming an unknown kind and the known ones, or a rate out of 0..1.
Disturbances parse_disturbances(const std::string& text);

/// Words that parse_disturbances() reads.
std::string to_text(const Disturbances& disturbances);

inline double rate_of(const Disturbances& disturbances, std::string_view kind) {
    const auto found = disturbances.find(kind);
    return found == disturbances.end() ? 0 : found->second;
}

}  // namespace conclave::tool
