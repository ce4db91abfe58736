#pragma once

// What of a run is worth a look: what was violated, when, and what was said about it.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conclave/scenarios/account.hpp"
#include "conclave/scenarios/words.hpp"

namespace conclave::tool {

using scenarios::call_text;
using scenarios::return_text;
using scenarios::shortened;

/// Around which moment and which objects a run is shown.
struct Focus {
    std::set<std::string> objects;  ///< locks or groups
    std::int64_t at_ns = 0;         ///< of the violation, or the end of the run
    std::int64_t begin_ns = 0;      ///< what is shown, both ends included
    std::int64_t end_ns = 0;
    bool violated = false;
};

/// The violation of `property`, or without one all objects and the whole run. What is shown begins
/// with the last call that led to the violation, at most a minute before it, and ends with the
/// beliefs that it is about, at most ten seconds after.
Focus focus_on(const scenarios::Account& account, const properties::Verdict* verdict);

/// The judgement to explain: of `property` if it is violated, else of a claim, else of any; null when
/// all holds.
const scenarios::Judgement* violation_of(const scenarios::RunResult& run,
                                         const std::string& property);

/// By index: whether a message names one of `objects`, or is the first answer to one that does.
std::vector<bool> messages_about(const scenarios::Account& account,
                                 const std::set<std::string>& objects);

/// Leaves of `lines`, which are in the order of their at_ns, the `count` nearest to `at_ns`; how many are
/// left out.
template <class Line>
std::size_t keep_nearest(std::vector<Line>& lines, std::int64_t at_ns, std::size_t count) {
    if (lines.size() <= count) return 0;
    const std::size_t left_out = lines.size() - count;
    // What is nearest to one moment lies together.
    std::size_t last = 0;
    while (last < lines.size() && lines[last].at_ns < at_ns) ++last;
    std::size_t first = last;
    while (last - first < count) {
        const bool earlier = last == lines.size() ||
                             (first > 0 && at_ns - lines[first - 1].at_ns <= lines[last].at_ns - at_ns);
        if (earlier) --first;
        else ++last;
    }
    lines = std::vector<Line>(lines.begin() + static_cast<std::ptrdiff_t>(first),
                              lines.begin() + static_cast<std::ptrdiff_t>(last));
    return left_out;
}

/// "5.929894 s", cut to whole microseconds.
std::string moment_text(std::int64_t nanoseconds);

}  // namespace conclave::tool
