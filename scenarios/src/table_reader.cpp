#include "table_reader.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace conclave::scenarios {

toml::table parse_toml(const std::string& text, const std::string& file) {
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& error) {
        throw FileError(file + ":" + std::to_string(error.source().begin.line) + ": " +
                        std::string(error.description()));
    }
}

std::string TableReader::name(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

const toml::node* TableReader::find(std::string_view key) {
    known_.emplace(key);
    return table_->get(key);
}

void TableReader::fail(const toml::node* node, const std::string& what) const {
    const auto line = node ? node->source().begin.line : table_->source().begin.line;
    throw FileError(file_ + ":" + std::to_string(line) + ": " + what);
}

void TableReader::fail_at(std::string_view key, const std::string& what) {
    fail(find(key), "key '" + name(key) + "': " + what);
}

void TableReader::require(std::string_view key) {
    if (!find(key)) fail(nullptr, "missing key '" + name(key) + "'");
}

void TableReader::text(std::string_view key, std::string& target) {
    const toml::node* node = find(key);
    if (!node) return;
    const auto value = node->value_exact<std::string>();
    if (!value) fail_at(key, "expected a string");
    target = *value;
}

void TableReader::word(std::string_view key, std::string& target,
                       const std::vector<std::string>& words) {
    text(key, target);
    if (!has(key) || std::find(words.begin(), words.end(), target) != words.end()) return;
    std::string expected;
    for (const std::string& each : words) expected += (expected.empty() ? "" : ", ") + each;
    fail_at(key, "'" + target + "', expected one of: " + expected);
}

void TableReader::flag(std::string_view key, bool& target) {
    const toml::node* node = find(key);
    if (!node) return;
    const auto value = node->value_exact<bool>();
    if (!value) fail_at(key, "expected true or false");
    target = *value;
}

void TableReader::number(std::string_view key, std::int64_t& target, std::int64_t low,
                         std::int64_t high) {
    const toml::node* node = find(key);
    if (!node) return;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < low || *value > high)
        fail_at(key, "expected a whole number in " + std::to_string(low) + ".." +
                         std::to_string(high));
    target = *value;
}

void TableReader::unsigned_text(std::string_view key, std::uint64_t& target) {
    std::string digits;
    text(key, digits);
    if (!has(key)) return;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), target);
    if (error != std::errc{} || end != digits.data() + digits.size())
        fail_at(key, "expected the decimal digits of a 64-bit number in quotes");
}

void TableReader::fraction(std::string_view key, double& target) {
    const toml::node* node = find(key);
    if (!node) return;
    const auto value = node->value<double>();
    if (!value || *value < 0 || *value > 1) fail_at(key, "expected a number in 0..1");
    target = *value;
}

Duration TableReader::as_duration(std::string_view key, const toml::node& node) const {
    Duration duration{};
    const auto value = node.value_exact<std::string>();
    if (!value || !parse_duration(*value, duration))
        fail(&node, "key '" + name(key) + "': expected a duration such as \"1.5s\", \"20ms\"");
    return duration;
}

void TableReader::duration(std::string_view key, Duration& target, Duration low) {
    const toml::node* node = find(key);
    if (!node) return;
    target = as_duration(key, *node);
    if (target < low) fail_at(key, "expected at least " + to_text(low));
}

void TableReader::range(std::string_view key, DurationRange& target) {
    const toml::node* node = find(key);
    if (!node) return;
    const toml::array* pair = node->as_array();
    if (!pair || pair->size() != 2) fail_at(key, "expected two durations [low, high]");
    target = {as_duration(key, *pair->get(0)), as_duration(key, *pair->get(1))};
    if (target.low > target.high) fail_at(key, "low is above high");
}

void TableReader::numbers(std::string_view key, std::int64_t& low, std::int64_t& high) {
    const toml::node* node = find(key);
    if (!node) return;
    const toml::array* pair = node->as_array();
    const bool two = pair && pair->size() == 2 && pair->get(0)->is_integer() &&
                     pair->get(1)->is_integer();
    if (!two) fail_at(key, "expected two whole numbers [low, high]");
    low = pair->get(0)->as_integer()->get();
    high = pair->get(1)->as_integer()->get();
    if (low < 0 || low > high) fail_at(key, "expected 0 <= low <= high");
}

void TableReader::texts(std::string_view key, std::vector<std::string>& target) {
    const toml::node* node = find(key);
    if (!node) return;
    const toml::array* list = node->as_array();
    if (!list) fail_at(key, "expected an array of strings");
    target.clear();
    for (const toml::node& item : *list) {
        const auto value = item.value_exact<std::string>();
        if (!value) fail_at(key, "expected an array of strings");
        target.push_back(*value);
    }
}

void TableReader::options(std::string_view key, Options& target) {
    const toml::node* node = find(key);
    if (!node) return;
    const toml::table* table = node->as_table();
    if (!table) fail_at(key, "expected a table of strings");
    target.clear();
    for (const auto& [option, value] : *table) {
        const auto text = value.value_exact<std::string>();
        if (!text) fail(&value, "key '" + name(key) + "': values are strings");
        target.emplace(std::string(option.str()), *text);
    }
}

TableReader TableReader::table(std::string_view key) {
    const toml::node* node = find(key);
    if (node && !node->is_table()) fail_at(key, "expected a table");
    static const toml::table empty;
    return TableReader(node ? *node->as_table() : empty, file_, name(key));
}

std::vector<TableReader> TableReader::tables(std::string_view key) {
    std::vector<TableReader> readers;
    const toml::node* node = find(key);
    if (!node) return readers;
    const toml::array* list = node->as_array();
    if (!list) fail_at(key, "expected an array of tables");
    for (const toml::node& item : *list) {
        if (!item.is_table()) fail_at(key, "expected an array of tables");
        readers.emplace_back(*item.as_table(), file_, name(key));
    }
    return readers;
}

void TableReader::finish() const {
    for (const auto& [key, value] : *table_) {
        if (known_.contains(key.str())) continue;
        std::string expected;
        for (const std::string& each : known_) expected += (expected.empty() ? "" : ", ") + each;
        throw FileError(file_ + ":" + std::to_string(key.source().begin.line) + ": unknown key '" +
                        name(key.str()) + "', expected one of: " + expected);
    }
}

}  // namespace conclave::scenarios
