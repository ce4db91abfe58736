#pragma once

// Reads one TOML table key by key, and afterwards refuses what nobody asked for: a misspelt key must
// not silently change what a scenario tests.

#include <set>
#include <string>
#include <toml++/toml.h>
#include <vector>

#include "conclave/scenarios/plan.hpp"
#include "conclave/scenarios/scenario.hpp"

namespace conclave::scenarios {

/// Errors: FileError "file:line: ...".
toml::table parse_toml(const std::string& text, const std::string& file);

class TableReader {
public:
    TableReader(const toml::table& table, std::string file, std::string path = {})
        : table_(&table), file_(std::move(file)), path_(std::move(path)) {}

    bool has(std::string_view key) { return find(key) != nullptr; }
    void require(std::string_view key);

    // Each leaves `target` as it is when the key is absent, and fails with the line when its value
    // has another type or is out of range.
    void text(std::string_view key, std::string& target);
    void word(std::string_view key, std::string& target, const std::vector<std::string>& words);
    void flag(std::string_view key, bool& target);
    void number(std::string_view key, std::int64_t& target, std::int64_t low, std::int64_t high);
    void unsigned_text(std::string_view key, std::uint64_t& target);
    void fraction(std::string_view key, double& target);
    void duration(std::string_view key, Duration& target, Duration low = Duration::zero());
    void range(std::string_view key, DurationRange& target);
    void numbers(std::string_view key, std::int64_t& low, std::int64_t& high);
    void texts(std::string_view key, std::vector<std::string>& target);
    void options(std::string_view key, Options& target);

    /// A reader of the subtable `key`; an empty one when absent.
    TableReader table(std::string_view key);
    /// Readers of an array of tables.
    std::vector<TableReader> tables(std::string_view key);

    /// Fails on the first key that no call asked for.
    void finish() const;
    [[noreturn]] void fail(const toml::node* node, const std::string& what) const;
    [[noreturn]] void fail_at(std::string_view key, const std::string& what);

private:
    const toml::node* find(std::string_view key);
    std::string name(std::string_view key) const;
    Duration as_duration(std::string_view key, const toml::node& node) const;

    const toml::table* table_;  // a copy of a node forgets its line
    std::string file_;
    std::string path_;
    std::set<std::string, std::less<>> known_;
};

}  // namespace conclave::scenarios
