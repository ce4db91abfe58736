#include "option_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "conclave/error.hpp"

namespace conclave::common {

namespace {

constexpr double seconds_max = 10.0 * 365 * 24 * 3600;

std::string lower_case(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

template <class Number>
std::optional<Number> number(const std::string& text) {
    Number value{};
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc{} || end != last) return std::nullopt;
    return value;
}

std::string joined(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
    return all;
}

}  // namespace

void bad_option(const std::string& name, const std::string& value, const std::string& expected) {
    throw BadOption("option " + name + "=" + value + ": expected " + expected);
}

int parse_integer(const std::string& name, const std::string& text, int lowest, int highest) {
    const std::optional<int> value = number<int>(text);
    if (!value || *value < lowest || *value > highest)
        bad_option(name, text,
                   "a whole number of " + std::to_string(lowest) + ".." + std::to_string(highest));
    return *value;
}

std::optional<std::string> OptionReader::text(const std::string& name) {
    const std::vector<std::string> values = list(name);
    return values.empty() ? std::nullopt : std::optional(values.back());
}

std::vector<std::string> OptionReader::list(const std::string& name) {
    known_.insert(name);
    std::vector<std::string> values;
    const auto [first, last] = options_.equal_range(name);
    for (auto it = first; it != last; ++it) values.push_back(it->second);
    return values;
}

Duration OptionReader::seconds(const std::string& name, Duration otherwise, bool zero_allowed) {
    const std::optional<std::string> value = text(name);
    if (!value) return otherwise;
    const std::optional<double> length = number<double>(*value);
    const double shortest = zero_allowed ? 0 : 0.001;
    // Written so that not-a-number fails.
    if (!length || !(*length >= shortest && *length <= seconds_max))
        bad_option(name, *value, zero_allowed ? "seconds, 0 or more" : "seconds, 0.001 or more");
    return std::chrono::milliseconds(std::llround(*length * 1000));
}

int OptionReader::integer(const std::string& name, int lowest, int highest, int otherwise) {
    const std::optional<std::string> value = text(name);
    return value ? parse_integer(name, *value, lowest, highest) : otherwise;
}

bool OptionReader::boolean(const std::string& name, bool otherwise) {
    static constexpr std::array yes = {"1", "t", "true", "on", "y", "yes"};
    static constexpr std::array no = {"0", "f", "false", "off", "n", "no"};
    const std::optional<std::string> value = text(name);
    if (!value) return otherwise;
    const std::string word = lower_case(*value);
    if (std::ranges::find(yes, word) != yes.end()) return true;
    if (std::ranges::find(no, word) == no.end()) bad_option(name, *value, "true or false");
    return false;
}

std::size_t OptionReader::word(const std::string& name, const std::vector<std::string>& words) {
    const std::optional<std::string> value = text(name);
    if (!value) return 0;
    const auto found = std::ranges::find(words, *value);
    if (found == words.end()) bad_option(name, *value, "one of: " + joined(words));
    return static_cast<std::size_t>(found - words.begin());
}

void OptionReader::refuse_others() const {
    for (const auto& [name, value] : options_)
        if (!known_.contains(name))
            bad_option(name, value,
                       "no option of this name; the known ones are: " +
                           joined({known_.begin(), known_.end()}));
}

}  // namespace conclave::common
