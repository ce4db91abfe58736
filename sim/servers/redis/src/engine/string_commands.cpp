// Strings: GET SET SETNX SETEX PSETEX GETEX GETDEL GETSET MGET STRLEN APPEND INCR DECR INCRBY DECRBY.
// Source: t_string.c of Redis 7.0.15.

#include <limits>
#include <string>

#include "engine/call.hpp"
#include "engine/commands.hpp"
#include "engine/numbers.hpp"
#include "engine/text.hpp"

namespace conclave::servers::redis::commands {

namespace {

enum class Expiry { none, in_seconds, in_milliseconds, at_seconds, at_milliseconds };

struct SetOptions {
    bool only_new = false;
    bool only_existing = false;
    bool get = false;
    bool keep_ttl = false;
    bool persist = false;
    Expiry expiry = Expiry::none;
    std::size_t expiry_argument = 0;
};

Expiry expiry_word(std::string_view word) {
    if (equal_ignoring_case(word, "EX")) return Expiry::in_seconds;
    if (equal_ignoring_case(word, "PX")) return Expiry::in_milliseconds;
    if (equal_ignoring_case(word, "EXAT")) return Expiry::at_seconds;
    if (equal_ignoring_case(word, "PXAT")) return Expiry::at_milliseconds;
    return Expiry::none;
}

/// A flag of SET that takes no argument; false when the word is none or conflicts.
bool set_flag(std::string_view word, SetOptions& options) {
    if (equal_ignoring_case(word, "NX") && !options.only_existing) options.only_new = true;
    else if (equal_ignoring_case(word, "XX") && !options.only_new) options.only_existing = true;
    else if (equal_ignoring_case(word, "GET")) options.get = true;
    else if (equal_ignoring_case(word, "KEEPTTL") && options.expiry == Expiry::none)
        options.keep_ttl = true;
    else return false;
    return true;
}

bool persist_flag(std::string_view word, SetOptions& options) {
    if (!equal_ignoring_case(word, "PERSIST") || options.expiry != Expiry::none) return false;
    options.persist = true;
    return true;
}

/// Reads the options from `at` on; false after replying a syntax error.
bool parse_options(Call& call, std::size_t at, bool set, SetOptions& options) {
    for (; at < call.size(); ++at) {
        const std::string_view word = call.argument(at);
        if (set ? set_flag(word, options) : persist_flag(word, options)) continue;
        const Expiry expiry = expiry_word(word);
        const bool conflict = options.keep_ttl || options.persist ||
                              (options.expiry != Expiry::none && options.expiry != expiry);
        if (expiry == Expiry::none || conflict || at + 1 == call.size())
            return call.reply.error(errors::syntax), false;
        options.expiry = expiry;
        options.expiry_argument = ++at;
    }
    return true;
}

/// The unix time in ms that a count of some unit stands for; nothing after an error reply.
std::optional<std::int64_t> expiry_time(Call& call, Expiry expiry, std::size_t at) {
    constexpr std::int64_t max = std::numeric_limits<std::int64_t>::max();
    const auto count = call.integer(at);
    if (!count) return std::nullopt;
    const bool seconds = expiry == Expiry::in_seconds || expiry == Expiry::at_seconds;
    const bool relative = expiry == Expiry::in_seconds || expiry == Expiry::in_milliseconds;
    if (*count <= 0 || (seconds && *count > max / 1000))
        return call.wrong_expire_time(), std::nullopt;
    const std::int64_t length = seconds ? *count * 1000 : *count;
    if (relative && length > max - call.now) return call.wrong_expire_time(), std::nullopt;
    return relative ? length + call.now : length;
}

/// Replies the string at `key` or null; false after a WRONGTYPE reply.
bool reply_string(Call& call, std::string_view key) {
    bool failed = false;
    const std::string* value = call.typed<std::string>(key, failed);
    if (failed) return false;
    if (value) call.reply.bulk(*value);
    else call.reply.null();
    return true;
}

void store(Call& call, std::string_view key, std::string_view value, bool keep_ttl,
           std::optional<std::int64_t> expires_at) {
    Entry* entry = call.use(key);
    const std::int64_t kept = entry && keep_ttl ? entry->expires_at : never_expires;
    Entry& stored = call.keyspace().put(key, std::string(value));
    stored.used = entry ? entry->used : stored.used;
    call.use(key);
    call.keyspace().set_expiry(stored, expires_at.value_or(kept));
    call.changed(key);
    if (!expires_at) return;
    const std::string at = std::to_string(*expires_at);
    call.replicate_as({"SET", key, value, "PXAT", at});
}

void set_with_expiry(Call& call, Expiry unit) {
    const auto expires_at = expiry_time(call, unit, 2);
    if (!expires_at) return;
    store(call, call.argument(1), call.argument(3), false, expires_at);
    call.reply.ok();
}

void add(Call& call, std::int64_t amount) {
    const std::string_view key = call.argument(1);
    bool failed = false;
    std::string* value = call.typed<std::string>(key, failed);
    if (failed) return;
    const auto old = value ? parse_integer(*value) : std::optional<std::int64_t>(0);
    if (!old) return call.reply.error(errors::not_an_integer);
    std::int64_t sum = 0;
    if (__builtin_add_overflow(*old, amount, &sum))
        return call.reply.error("ERR increment or decrement would overflow");
    if (value) *value = std::to_string(sum);
    else call.keyspace().put(key, std::to_string(sum));
    call.use(key);
    call.changed(key);
    call.reply.integer(sum);
}

}  // namespace

void get(Call& call) { reply_string(call, call.argument(1)); }

void set(Call& call) {
    SetOptions options;
    if (!parse_options(call, 3, true, options)) return;
    std::optional<std::int64_t> expires_at;
    if (options.expiry != Expiry::none) {
        expires_at = expiry_time(call, options.expiry, options.expiry_argument);
        if (!expires_at) return;
    }
    const std::string_view key = call.argument(1);
    if (options.get && !reply_string(call, key)) return;
    const bool found = call.find(key) != nullptr;
    if ((options.only_new && found) || (options.only_existing && !found)) {
        if (!options.get) call.reply.null();
        return;
    }
    store(call, key, call.argument(2), options.keep_ttl, expires_at);
    if (!options.get) call.reply.ok();
}

void setnx(Call& call) {
    const bool found = call.find(call.argument(1)) != nullptr;
    if (!found) store(call, call.argument(1), call.argument(2), false, std::nullopt);
    call.reply.integer(found ? 0 : 1);
}

void setex(Call& call) { set_with_expiry(call, Expiry::in_seconds); }
void psetex(Call& call) { set_with_expiry(call, Expiry::in_milliseconds); }

void getex(Call& call) {
    SetOptions options;
    if (!parse_options(call, 2, false, options)) return;
    const std::string_view key = call.argument(1);
    bool failed = false;
    const std::string* value = call.typed<std::string>(key, failed);
    if (failed) return;
    if (!value) return call.reply.null();
    std::optional<std::int64_t> expires_at;
    if (options.expiry != Expiry::none) {
        expires_at = expiry_time(call, options.expiry, options.expiry_argument);
        if (!expires_at) return;
    }
    call.reply.bulk(*value);
    Entry& entry = *call.find(key);
    if (expires_at && *expires_at <= call.now) {
        call.erase(key);
        call.replicate_as({"DEL", key});
    } else if (expires_at) {
        call.keyspace().set_expiry(entry, *expires_at);
        call.changed(key);
        call.replicate_as({"PEXPIREAT", key, std::to_string(*expires_at)});
    } else if (options.persist && entry.volatile_key()) {
        call.keyspace().set_expiry(entry, never_expires);
        call.changed(key);
        call.replicate_as({"PERSIST", key});
    }
}

void getdel(Call& call) {
    if (!reply_string(call, call.argument(1)) || !call.erase(call.argument(1))) return;
    call.replicate_as({"DEL", call.argument(1)});
}

void getset(Call& call) {
    if (!reply_string(call, call.argument(1))) return;
    store(call, call.argument(1), call.argument(2), false, std::nullopt);
    call.replicate_as({"SET", call.argument(1), call.argument(2)});
}

void mget(Call& call) {
    call.reply.array(call.size() - 1);
    for (std::string_view key : call.arguments.subspan(1)) {
        const Entry* entry = call.use(key);
        const std::string* value = entry ? std::get_if<std::string>(&entry->value) : nullptr;
        if (value) call.reply.bulk(*value);
        else call.reply.null();
    }
}

void strlen(Call& call) {
    bool failed = false;
    const std::string* value = call.typed<std::string>(call.argument(1), failed);
    if (!failed) call.reply.integer(value ? static_cast<std::int64_t>(value->size()) : 0);
}

void append(Call& call) {
    std::string* value = call.typed_or_new<std::string>(call.argument(1));
    if (!value) return;
    *value += call.argument(2);
    call.changed(call.argument(1));
    call.reply.integer(static_cast<std::int64_t>(value->size()));
}

void incr(Call& call) { add(call, 1); }
void decr(Call& call) { add(call, -1); }

void incrby(Call& call) {
    if (const auto amount = call.integer(2)) add(call, *amount);
}

void decrby(Call& call) {
    const auto amount = call.integer(2);
    if (!amount) return;
    if (*amount == std::numeric_limits<std::int64_t>::min())
        return call.reply.error("ERR decrement would overflow");
    add(call, -*amount);
}

}  // namespace conclave::servers::redis::commands
