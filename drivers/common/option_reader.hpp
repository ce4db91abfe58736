#pragma once

// Typed access to Options; remembers what was asked for, so that an unknown option can be named.
// Values only; used by the drivers' option parsers.

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conclave/time.hpp"
#include "conclave/url.hpp"

namespace conclave::common {

/// Every reader throws BadOption naming the option, its value and what was expected.
class OptionReader {
public:
    explicit OptionReader(const Options& options) : options_(options) {}

    /// The last value given, as tooz does.
    std::optional<std::string> text(const std::string& name);
    std::vector<std::string> list(const std::string& name);
    /// Seconds, with an optional fraction; more than 0 unless `zero_allowed`.
    Duration seconds(const std::string& name, Duration otherwise, bool zero_allowed = false);
    int integer(const std::string& name, int lowest, int highest, int otherwise);
    /// Words of oslo.utils.strutils.bool_from_string, in any case.
    bool boolean(const std::string& name, bool otherwise);
    /// One of `words`, by its place in the list.
    std::size_t word(const std::string& name, const std::vector<std::string>& words);
    /// Throws for the first option that nobody asked for.
    void refuse_others() const;

private:
    const Options& options_;
    std::set<std::string> known_;
};

[[noreturn]] void bad_option(const std::string& name, const std::string& value,
                             const std::string& expected);
/// `text` as a number of `lowest`..`highest`; throws BadOption for `name`.
int parse_integer(const std::string& name, const std::string& text, int lowest, int highest);

}  // namespace conclave::common
