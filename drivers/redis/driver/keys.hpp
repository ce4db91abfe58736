#pragma once

// The keys of the driver, spelled as tooz spells them, and those that tooz lacks. Values only.
// Source: tooz drivers/redis.py, RedisLock.__init__ and RedisDriver._encode_*.

#include <string>

#include "driver_options.hpp"

namespace conclave::redis {

class Keys {
public:
    Keys(std::string name_space, LockKey form) : name_space_(std::move(name_space)), form_(form) {}

    /// Errors: no effect - Error for a name whose key would be another kind of key.
    std::string lock(const std::string& name) const;
    /// The lock whose holder leads `group`.
    std::string leader_lock(const std::string& group) const;
    /// Ours: the fencing counter of a lock. No lock key ends like it.
    static std::string counter(const std::string& lock_key) { return lock_key + ":fence"; }
    /// Ours: who leads `group`.
    std::string leader(const std::string& group) const { return name_space_ + "_leader:" + group; }
    std::string group(const std::string& group) const { return name_space_ + "_group:" + group; }
    std::string all_groups() const { return name_space_ + "_groups"; }
    std::string beat_prefix() const { return name_space_ + "_beats:"; }
    std::string beat(const std::string& member) const { return beat_prefix() + member; }
    /// Ours: which join of `member` is in force. The length keeps two pairs from sharing a key.
    std::string join(const std::string& group, const std::string& member) const {
        return join_prefix(group) + member;
    }
    std::string join_prefix(const std::string& group) const;

private:
    std::string spell(const std::string& name) const;

    std::string name_space_;
    LockKey form_;
};

/// `bytes` as Python prints them: b'...'. Source: CPython bytesobject.c, PyBytes_Repr.
std::string python_repr(const std::string& bytes);

}  // namespace conclave::redis
