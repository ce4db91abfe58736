#pragma once

// The data of one database: keys with values and optional wall-clock expiry. No policy: the engine
// decides who may see an expired key and who deletes it. Single-threaded per Runtime.

#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace conclave::servers::redis {

/// Fields in the order in which they were first set, as a listpack keeps them.
class Hash {
public:
    using Field = std::pair<std::string, std::string>;
    const std::string* find(std::string_view field) const noexcept;
    bool set(std::string_view field, std::string_view value);  ///< whether the field is new
    bool erase(std::string_view field);
    std::size_t size() const noexcept { return fields_.size(); }
    auto begin() const noexcept { return fields_.begin(); }
    auto end() const noexcept { return fields_.end(); }

private:
    std::vector<Field> fields_;
};

using Set = std::set<std::string, std::less<>>;
using Value = std::variant<std::string, Hash, Set>;
std::string_view type_name(const Value& value) noexcept;

constexpr std::int64_t never_expires = -1;

struct Entry {
    Value value;
    std::int64_t expires_at = never_expires;  ///< unix milliseconds; expired when now is later
    std::uint64_t used = 0;                   ///< the engine's access counter, for LRU eviction

    bool volatile_key() const noexcept { return expires_at != never_expires; }
    bool expired(std::int64_t now) const noexcept { return volatile_key() && now > expires_at; }
};

class Keyspace {
public:
    using Map = std::map<std::string, Entry, std::less<>>;

    Entry* find(std::string_view key) noexcept {
        const auto found = entries_.find(key);
        return found == entries_.end() ? nullptr : &found->second;
    }
    /// Creates or replaces `key` without an expiry.
    Entry& put(std::string_view key, Value value);
    bool erase(std::string_view key);
    void set_expiry(Entry& entry, std::int64_t expires_at) noexcept;
    void clear() noexcept;

    std::size_t size() const noexcept { return entries_.size(); }
    std::size_t volatile_keys() const noexcept { return volatile_keys_; }
    const Map& entries() const noexcept { return entries_; }
    Map& entries() noexcept { return entries_; }
    /// No key expires before it; a lower bound that tighten() makes exact.
    std::int64_t earliest_expiry() const noexcept { return earliest_expiry_; }
    void tighten_earliest_expiry() noexcept;

private:
    static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();
    Map entries_;
    std::size_t volatile_keys_ = 0;
    std::int64_t earliest_expiry_ = none;
};

}  // namespace conclave::servers::redis
