#pragma once

// The options of a redis:// URL, checked and with their defaults.
// Source: tooz drivers/redis.py (3.1 and 9.0); the options marked "ours" are not in it.

#include <string>

#include "../client/client_options.hpp"
#include "conclave/url.hpp"

namespace conclave::redis {

/// The spelling of lock keys. Processes that share a lock must use the same one.
enum class LockKey : std::uint8_t {
    current,   ///< `_tooz_foo_lock`: tooz 9.0 and newer
    old,       ///< `b'_tooz'_b'foo'_lock`: tooz 3.x to 8.x, lock names given as bytes
    old_text,  ///< `b'_tooz'_foo_lock`: the same, lock names given as str
};

/// Whose keys they are.
enum class Layout : std::uint8_t {
    tooz,      ///< shared with tooz; names whose keys would meet are refused
    conclave,  ///< ours: any name but the empty one
};

/// What the user says of a server, or leaves to be asked of it.
enum class Declared : std::uint8_t { ask, yes, no };

struct DriverOptions {
    Duration lock_ttl = std::chrono::seconds(30);
    Duration membership_ttl = std::chrono::seconds(30);
    Layout layout = Layout::tooz;         ///< ours
    std::string name_space;               ///< `_tooz`, or `conclave` in our layout, unless given
    LockKey lock_key = LockKey::current;  ///< ours
    bool mixed_peers = false;             ///< ours: processes that use tooz itself take part
    bool push = false;                    ///< ours: changes are published and listened to
    int wait_replicas = 0;                ///< ours: replicas that must acknowledge each lease
    Declared durable = Declared::ask;     ///< ours: a restart loses no acknowledged write
    Declared keeps_keys = Declared::ask;  ///< ours: no key is evicted
    ClientOptions client;
};

/// Reads `url` and `options` (already merged with the URL's query). Errors: no effect - BadOption
/// naming the option, its value and what was expected.
DriverOptions parse_driver_options(const Url& url, const Options& options);

}  // namespace conclave::redis
