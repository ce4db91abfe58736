// Keys and their expiry: DEL UNLINK EXISTS TYPE TOUCH EXPIRE and its family, TTL and its, PERSIST.
// Source: expire.c and db.c of Redis 7.0.15.

#include <limits>
#include <string>

#include "engine/call.hpp"
#include "engine/commands.hpp"
#include "engine/text.hpp"

namespace conclave::servers::redis::commands {

namespace {

constexpr std::int64_t int64_max = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t int64_min = std::numeric_limits<std::int64_t>::min();

/// NX, XX, GT and LT of the EXPIRE family.
struct Condition {
    bool none_before = false;
    bool some_before = false;
    bool greater = false;
    bool less = false;
};

bool parse_condition(Call& call, Condition& condition) {
    for (std::string_view word : call.arguments.subspan(3)) {
        if (equal_ignoring_case(word, "NX")) condition.none_before = true;
        else if (equal_ignoring_case(word, "XX")) condition.some_before = true;
        else if (equal_ignoring_case(word, "GT")) condition.greater = true;
        else if (equal_ignoring_case(word, "LT")) condition.less = true;
        else {
            call.reply.error("ERR Unsupported option " + std::string(word));
            return false;
        }
    }
    if (condition.none_before &&
        (condition.some_before || condition.greater || condition.less)) {
        call.reply.error("ERR NX and XX, GT or LT options at the same time are not compatible");
        return false;
    }
    if (condition.greater && condition.less) {
        call.reply.error("ERR GT and LT options at the same time are not compatible");
        return false;
    }
    return true;
}

bool holds(const Condition& condition, const Entry& entry, std::int64_t when) {
    const std::int64_t current = entry.expires_at;
    if (condition.none_before && entry.volatile_key()) return false;
    if (condition.some_before && !entry.volatile_key()) return false;
    // No expiry counts as an infinite one.
    if (condition.greater && (!entry.volatile_key() || when <= current)) return false;
    if (condition.less && entry.volatile_key() && when >= current) return false;
    return true;
}

/// The absolute ms that the argument stands for; nothing after an error reply.
std::optional<std::int64_t> absolute_time(Call& call, bool seconds, bool relative) {
    const auto count = call.integer(2);
    if (!count) return std::nullopt;
    if (seconds && (*count > int64_max / 1000 || *count < int64_min / 1000))
        return call.wrong_expire_time(), std::nullopt;
    const std::int64_t when = seconds ? *count * 1000 : *count;
    if (!relative) return when;
    if (when > int64_max - call.now) return call.wrong_expire_time(), std::nullopt;
    return when + call.now;
}

void expire_generic(Call& call, bool seconds, bool relative) {
    Condition condition;
    if (!parse_condition(call, condition)) return;
    const auto when = absolute_time(call, seconds, relative);
    if (!when) return;
    const std::string_view key = call.argument(1);
    Entry* entry = call.use(key);
    if (!entry || !holds(condition, *entry, *when)) return call.reply.integer(0);
    const bool follows = call.engine.replication().replica;
    if (*when <= call.now && !follows && call.session.kind != Session::Kind::master) {
        call.erase(key);
        call.replicate_as({"DEL", key});
        return call.reply.integer(1);
    }
    call.keyspace().set_expiry(*entry, *when);
    call.changed(key);
    call.replicate_as({"PEXPIREAT", key, std::to_string(*when)});
    call.reply.integer(1);
}

void ttl_generic(Call& call, bool seconds, bool absolute) {
    const Entry* entry = call.find(call.argument(1));
    if (!entry) return call.reply.integer(-2);
    if (!entry->volatile_key()) return call.reply.integer(-1);
    std::int64_t value = absolute ? entry->expires_at : entry->expires_at - call.now;
    if (value < 0) value = 0;
    call.reply.integer(seconds ? (value + 500) / 1000 : value);
}

}  // namespace

void del(Call& call) {
    std::int64_t deleted = 0;
    for (std::string_view key : call.arguments.subspan(1))
        if (call.find(key) && call.erase(key)) ++deleted;
    call.reply.integer(deleted);
}

void exists(Call& call) {
    std::int64_t count = 0;
    for (std::string_view key : call.arguments.subspan(1)) count += call.find(key) ? 1 : 0;
    call.reply.integer(count);
}

void touch(Call& call) {
    std::int64_t count = 0;
    for (std::string_view key : call.arguments.subspan(1)) count += call.use(key) ? 1 : 0;
    call.reply.integer(count);
}

void type(Call& call) {
    const Entry* entry = call.find(call.argument(1));
    call.reply.status(entry ? type_name(entry->value) : "none");
}

void expire(Call& call) { expire_generic(call, true, true); }
void pexpire(Call& call) { expire_generic(call, false, true); }
void expireat(Call& call) { expire_generic(call, true, false); }
void pexpireat(Call& call) { expire_generic(call, false, false); }
void ttl(Call& call) { ttl_generic(call, true, false); }
void pttl(Call& call) { ttl_generic(call, false, false); }
void expiretime(Call& call) { ttl_generic(call, true, true); }
void pexpiretime(Call& call) { ttl_generic(call, false, true); }

void persist(Call& call) {
    Entry* entry = call.use(call.argument(1));
    if (!entry || !entry->volatile_key()) return call.reply.integer(0);
    call.keyspace().set_expiry(*entry, never_expires);
    call.changed(call.argument(1));
    call.reply.integer(1);
}

}  // namespace conclave::servers::redis::commands
