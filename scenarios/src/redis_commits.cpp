#include "redis_commits.hpp"

#include "conclave/codec/msgpack.hpp"
#include "observed/lives.hpp"

namespace conclave::scenarios {

using properties::Action;

namespace {

constexpr std::string_view prefix = "_tooz_", suffix = "_lock", leader = "leader_of_";
constexpr std::string_view beats = "_tooz_beats:", groups = "_tooz_group:";

/// What follows `start` in a key that begins so.
std::optional<std::string_view> behind(std::string_view key, std::string_view start) {
    if (!key.starts_with(start)) return std::nullopt;
    return key.substr(start.size());
}

/// What an observed member wrote. For somebody else's no call of ours will be found.
std::string version_in(std::string_view packed) {
    const msgpack::Unpacked unpacked = msgpack::unpack(std::string(packed));
    return unpacked.problem.empty() ? version_of(unpacked.value) : "unknown";
}

}  // namespace

std::optional<std::string_view> lock_of(std::string_view key) {
    if (!key.starts_with(prefix) || !key.ends_with(suffix)) return std::nullopt;
    key.remove_prefix(prefix.size());
    key.remove_suffix(suffix.size());
    return key;
}

std::string key_of_lock(const std::string& name) {
    return std::string(prefix) + name + std::string(suffix);
}

void RedisCommits::changed(std::span<const std::string_view> words) {
    if (words.size() < 2) return;
    const std::string_view command = words[0], key = words[1];
    if (command == "SET" && words.size() > 2) return set(key, words[2]);
    if (command == "HSETNX" && words.size() > 3) return joined(key, words[2], words[3]);
    if (command == "HSET" && words.size() == 4) return updated(key, words[2], words[3]);
    if (command == "HDEL" && words.size() > 2) return left(key, words[2]);
    const auto owner = owners_.find(key);
    if (command == "PEXPIREAT" && owner != owners_.end())
        tell_hold(Action::renew, *lock_of(key), owner->second);
    if (command == "DEL")
        for (const std::string_view each : words.subspan(1)) deleted(each);
}

void RedisCommits::set(std::string_view key, std::string_view text) {
    if (const auto object = lock_of(key)) {
        std::string& owner = owners_[std::string(key)];
        if (owner == text) return;  // asked for again after a lost reply
        owner = text;
        return tell_hold(Action::acquire, *object, owner);
    }
    // Whoever stopped to beat and was not evicted yet is back with its first beat.
    if (const auto member = behind(key, beats))
        if (beating_.emplace(*member).second) tell_lives(Action::join, *member);
}

void RedisCommits::deleted(std::string_view key) {
    if (const auto member = behind(key, beats)) {
        const auto found = beating_.find(*member);
        if (found == beating_.end()) return;
        beating_.erase(found);
        return tell_lives(Action::leave, *member);
    }
    const auto owner = owners_.find(key);
    if (owner == owners_.end()) return;
    tell_hold(Action::release, *lock_of(key), owner->second);
    owners_.erase(owner);
}

void RedisCommits::joined(std::string_view key, std::string_view member, std::string_view packed) {
    const auto group = behind(key, groups);
    if (!group) return;
    std::string& life = lives_[{std::string(member), std::string(*group)}];
    life = std::string(member) + "#" + std::string(life_in(version_in(packed)));
    updated(key, member, packed);
    if (beating_.contains(member))
        log_.committed(Observed::groups, Action::join, std::string(*group), life);
}

void RedisCommits::updated(std::string_view key, std::string_view member, std::string_view packed) {
    const auto group = behind(key, groups);
    if (!group) return;
    const std::string version = version_in(packed);
    log_.committed(Observed::capabilities, Action::write, register_of(*group, member, version),
                   version);
}

void RedisCommits::left(std::string_view key, std::string_view member) {
    const auto group = behind(key, groups);
    if (!group) return;
    const auto life = lives_.find({std::string(member), std::string(*group)});
    if (life == lives_.end()) return;
    if (beating_.contains(member))
        log_.committed(Observed::groups, Action::leave, std::string(*group), life->second);
    lives_.erase(life);
}

void RedisCommits::expired(std::string_view key, std::string_view text) {
    if (const auto member = behind(key, beats)) {
        if (const auto found = beating_.find(*member); found != beating_.end()) {
            beating_.erase(found);
            tell_lives(Action::expire, *member);
        }
    } else if (const auto owner = owners_.find(key); owner != owners_.end()) {
        tell_hold(Action::expire, *lock_of(key), owner->second);
        owners_.erase(owner);
    }
    tell_ended(key, text);
}

void RedisCommits::tell_hold(Action action, std::string_view object, const std::string& owner) {
    const auto group = behind(object, leader);
    log_.committed(group ? Observed::leaderships : Observed::locks, action,
                   std::string(group ? *group : object), owner);
}

void RedisCommits::tell_lives(Action action, std::string_view member) {
    const std::string name(member);
    for (auto each = lives_.lower_bound({name, ""});
         each != lives_.end() && each->first.first == name; ++each)
        log_.committed(Observed::groups, action, each->first.second, each->second);
}

/// What the server's timers end: locks, leaderships, and memberships by their beats.
void RedisCommits::tell_ended(std::string_view key, std::string_view owner) {
    CallLog::Ended ended;
    ended.silence_timer = true;
    ended.cause = "the ttl of " + std::string(key) + " ran out";
    if (const auto member = behind(key, beats)) {
        ended.kind = Observed::groups;
        ended.name = *member;
        return log_.ended(ended);
    }
    const std::optional<std::string_view> object = lock_of(key);
    if (!object) return;
    const auto group = behind(*object, leader);
    ended.kind = group ? Observed::leaderships : Observed::locks;
    ended.object = group ? *group : *object;
    ended.name = owner;
    log_.ended(ended);
}

}  // namespace conclave::scenarios
