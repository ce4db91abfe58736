// The commands of Redis 7.0.15 that this model has not: a client that sends one must not be told that
// Redis does not know it. Source: COMMAND LIST.

#include <algorithm>
#include <iterator>
#include <string_view>

#include "engine/command_table.hpp"
#include "engine/text.hpp"

namespace conclave::servers::redis {

namespace {

// clang-format off
constexpr std::string_view others[] = {
    "acl", "acl|cat", "acl|deluser", "acl|dryrun", "acl|genpass", "acl|getuser", "acl|help",
    "acl|list", "acl|load", "acl|log", "acl|save", "acl|setuser", "acl|users", "acl|whoami",
    "asking", "bgrewriteaof", "bgsave", "bitcount", "bitfield", "bitfield_ro", "bitop", "bitpos",
    "blmove", "blmpop", "blpop", "brpop", "brpoplpush", "bzmpop", "bzpopmax", "bzpopmin",
    "client|caching", "client|getredir", "client|help", "client|no-evict", "client|reply",
    "client|tracking", "client|trackinginfo", "client|unblock", "cluster", "cluster|addslots",
    "cluster|addslotsrange", "cluster|bumpepoch", "cluster|count-failure-reports",
    "cluster|countkeysinslot", "cluster|delslots", "cluster|delslotsrange", "cluster|failover",
    "cluster|flushslots", "cluster|forget", "cluster|getkeysinslot", "cluster|help",
    "cluster|info", "cluster|keyslot", "cluster|links", "cluster|meet", "cluster|myid",
    "cluster|nodes", "cluster|replicas", "cluster|replicate", "cluster|reset",
    "cluster|saveconfig", "cluster|set-config-epoch", "cluster|setslot", "cluster|shards",
    "cluster|slaves", "cluster|slots", "command|getkeys", "command|getkeysandflags",
    "command|help", "command|list", "config|help", "config|resetstat", "config|set", "copy",
    "debug", "dump", "eval_ro", "evalsha_ro", "failover", "fcall", "fcall_ro", "function",
    "function|delete", "function|dump", "function|flush", "function|help", "function|kill",
    "function|list", "function|load", "function|restore", "function|stats", "geoadd", "geodist",
    "geohash", "geopos", "georadius", "georadius_ro", "georadiusbymember", "georadiusbymember_ro",
    "geosearch", "geosearchstore", "getbit", "getrange", "hincrby", "hincrbyfloat", "hmset",
    "hrandfield", "hscan", "hstrlen", "incrbyfloat", "lastsave", "latency", "latency|doctor",
    "latency|graph", "latency|help", "latency|histogram", "latency|history", "latency|latest",
    "latency|reset", "lcs", "lindex", "linsert", "llen", "lmove", "lmpop", "lolwut", "lpop",
    "lpos", "lpush", "lpushx", "lrange", "lrem", "lset", "ltrim", "memory", "memory|doctor",
    "memory|help", "memory|malloc-stats", "memory|purge", "memory|stats", "memory|usage",
    "migrate", "module", "module|help", "module|list", "module|load", "module|loadex",
    "module|unload", "monitor", "move", "mset", "msetnx", "object", "object|encoding",
    "object|freq", "object|help", "object|idletime", "object|refcount", "pfadd", "pfcount",
    "pfdebug", "pfmerge", "pfselftest", "pubsub|help", "pubsub|shardchannels",
    "pubsub|shardnumsub", "randomkey", "readonly", "readwrite", "rename", "renamenx", "restore",
    "restore-asking", "rpop", "rpoplpush", "rpush", "rpushx", "save", "script|debug",
    "script|help", "sdiff", "sdiffstore", "setbit", "setrange", "shutdown",
    "sinter", "sintercard", "sinterstore", "slowlog", "slowlog|get", "slowlog|help",
    "slowlog|len", "slowlog|reset", "smismember", "smove", "sort", "sort_ro", "spop", "spublish",
    "srandmember", "sscan", "ssubscribe", "substr", "sunion", "sunionstore", "sunsubscribe",
    "swapdb", "sync", "xack", "xadd", "xautoclaim", "xclaim", "xdel", "xgroup", "xgroup|create",
    "xgroup|createconsumer", "xgroup|delconsumer", "xgroup|destroy", "xgroup|help",
    "xgroup|setid", "xinfo", "xinfo|consumers", "xinfo|groups", "xinfo|help", "xinfo|stream",
    "xlen", "xpending", "xrange", "xread", "xreadgroup", "xrevrange", "xsetid", "xtrim", "zadd",
    "zcard", "zcount", "zdiff", "zdiffstore", "zincrby", "zinter", "zintercard", "zinterstore",
    "zlexcount", "zmpop", "zmscore", "zpopmax", "zpopmin", "zrandmember", "zrange", "zrangebylex",
    "zrangebyscore", "zrangestore", "zrank", "zrem", "zremrangebylex", "zremrangebyrank",
    "zremrangebyscore", "zrevrange", "zrevrangebylex", "zrevrangebyscore", "zrevrank", "zscan",
    "zscore", "zunion", "zunionstore",
};
// clang-format on

}  // namespace

bool real_command(std::string_view name) noexcept {
    return std::any_of(std::begin(others), std::end(others), [&](std::string_view other) {
        return equal_ignoring_case(other, name);
    });
}

}  // namespace conclave::servers::redis
