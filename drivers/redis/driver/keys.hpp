#pragma once

// The keys of the driver. Values only.
// In the layout of tooz they are spelled as tooz spells them, and those that tooz lacks beside
// them. In our own layout a key is `namespace:kind:name`. The name stands last and a kind has no
// colon, nor has the namespace, whose colons are escaped: so no two names, of whatever kind, share
// a key.
//
// Source: tooz drivers/redis.py, RedisLock.__init__ and RedisDriver._encode_*.

#include <string>
#include <string_view>

#include "driver_options.hpp"

namespace conclave::redis {

class Keys {
public:
    Keys(std::string name_space, LockKey form, Layout layout = Layout::tooz);

    /// Errors: no effect - Error for an empty name, and in the layout of tooz for one whose key
    /// would be another kind of key.
    std::string lock(const std::string& name) const;
    /// The lock whose holder leads `group`.
    std::string leader_lock(const std::string& group) const;
    /// Ours: the fencing counter of a lock. No lock key ends like it.
    static std::string counter(const std::string& lock_key) { return lock_key + ":fence"; }
    /// Ours: who leads `group`.
    std::string leader(const std::string& group) const { return prefix("leader") + group; }
    std::string group(const std::string& group) const { return prefix("group") + group; }
    std::string all_groups() const { return start_ + "groups"; }
    std::string beat_prefix() const { return prefix("beats"); }
    std::string beat(const std::string& member) const { return beat_prefix() + member; }
    /// Ours: which join of `member` is in force. The length keeps two pairs from sharing a key.
    std::string join(const std::string& group, const std::string& member) const {
        return join_prefix(group) + member;
    }
    std::string join_prefix(const std::string& group) const;

private:
    std::string prefix(std::string_view kind) const { return (start_ + std::string(kind)) += ':'; }
    std::string spell(const std::string& name) const;

    std::string name_space_;
    LockKey form_;
    Layout layout_;
    std::string start_;  ///< of every key but the locks of tooz
};

/// `bytes` as Python prints them: b'...'. Source: CPython bytesobject.c, PyBytes_Repr.
std::string python_repr(const std::string& bytes);

}  // namespace conclave::redis
