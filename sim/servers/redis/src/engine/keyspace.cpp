#include "engine/keyspace.hpp"

#include <algorithm>

namespace conclave::servers::redis {

const std::string* Hash::find(std::string_view field) const noexcept {
    for (const Field& each : fields_)
        if (each.first == field) return &each.second;
    return nullptr;
}

bool Hash::set(std::string_view field, std::string_view value) {
    for (Field& each : fields_) {
        if (each.first != field) continue;
        each.second.assign(value);
        return false;
    }
    fields_.emplace_back(field, value);
    return true;
}

bool Hash::erase(std::string_view field) {
    return std::erase_if(fields_, [&](const Field& each) { return each.first == field; }) != 0;
}

std::string_view type_name(const Value& value) noexcept {
    constexpr std::string_view names[] = {"string", "hash", "set"};
    return names[value.index()];
}

Entry& Keyspace::put(std::string_view key, Value value) {
    Entry* entry = find(key);
    if (!entry) entry = &entries_.emplace(key, Entry{}).first->second;
    set_expiry(*entry, never_expires);
    entry->value = std::move(value);
    return *entry;
}

bool Keyspace::erase(std::string_view key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return false;
    if (found->second.volatile_key()) --volatile_keys_;
    entries_.erase(found);
    return true;
}

void Keyspace::set_expiry(Entry& entry, std::int64_t expires_at) noexcept {
    if (entry.volatile_key()) --volatile_keys_;
    entry.expires_at = expires_at;
    if (!entry.volatile_key()) return;
    ++volatile_keys_;
    earliest_expiry_ = std::min(earliest_expiry_, expires_at);
}

void Keyspace::clear() noexcept {
    entries_.clear();
    volatile_keys_ = 0;
    earliest_expiry_ = none;
}

void Keyspace::tighten_earliest_expiry() noexcept {
    earliest_expiry_ = none;
    if (volatile_keys_ == 0) return;
    for (const auto& [key, entry] : entries_)
        if (entry.volatile_key()) earliest_expiry_ = std::min(earliest_expiry_, entry.expires_at);
}

}  // namespace conclave::servers::redis
