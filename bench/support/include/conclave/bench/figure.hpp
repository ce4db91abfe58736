#pragma once

// What a benchmark reports: one line a figure, "name median unit target ratio peer", separated by
// single spaces, '-' for what does not apply. scripts/bench collects them.

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace conclave::bench {

struct Figure {
    std::string name;          ///< e.g. "fiber_switch"
    double median = 0;         ///< of at least five runs
    std::string unit;          ///< e.g. "ns"
    std::string target = "-";  ///< e.g. "<=15"
    double ratio = 0;          ///< median / peer's median in the same, interleaved run; 0 for none
    std::string peer = "-";    ///< what the ratio compares with, e.g. "hiredis"
};
std::ostream& operator<<(std::ostream& out, const Figure& figure);

/// The middle value; the mean of the two middle ones for an even count. Requires: not empty.
double median(std::vector<double> values);

/// Runs every subject once a round, in turn (A B A B ...), and returns the medians in their order.
std::vector<double> interleave(int rounds, const std::vector<std::function<double()>>& subjects);

}  // namespace conclave::bench
