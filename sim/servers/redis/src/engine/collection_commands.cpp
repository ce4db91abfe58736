// Hashes and sets: HSET HGET HMGET HDEL HEXISTS HLEN HKEYS HVALS HGETALL, SADD SREM SISMEMBER SCARD
// SMEMBERS. Sets are listed in the order of their bytes; Redis promises none.
// Source: t_hash.c and t_set.c of Redis 7.0.15.

#include "engine/call.hpp"
#include "engine/commands.hpp"

namespace conclave::servers::redis::commands {

namespace {

/// Redis has no empty collections.
template <class Collection>
void drop_if_empty(Call& call, const Collection& collection) {
    if (collection.size() == 0) call.keyspace().erase(call.argument(1));
}

const Hash* hash(Call& call, bool& failed) { return call.typed<Hash>(call.argument(1), failed); }

void hash_list(Call& call, bool names, bool values) {
    bool failed = false;
    const Hash* fields = hash(call, failed);
    if (failed) return;
    const std::size_t size = fields ? fields->size() : 0;
    if (names && values) call.reply.map(size);
    else call.reply.array(size);
    if (!fields) return;
    for (const auto& [name, value] : *fields) {
        if (names) call.reply.bulk(name);
        if (values) call.reply.bulk(value);
    }
}

void reply_field(Call& call, const Hash* fields, std::string_view name) {
    const std::string* value = fields ? fields->find(name) : nullptr;
    if (value) call.reply.bulk(*value);
    else call.reply.null();
}

}  // namespace

void hset(Call& call) {
    if (call.size() % 2 == 1) return call.wrong_arity();
    Hash* fields = call.typed_or_new<Hash>(call.argument(1));
    if (!fields) return;
    std::int64_t created = 0;
    for (std::size_t at = 2; at < call.size(); at += 2)
        created += fields->set(call.argument(at), call.argument(at + 1)) ? 1 : 0;
    call.changed(call.argument(1));
    call.reply.integer(created);
}

void hsetnx(Call& call) {
    Hash* fields = call.typed_or_new<Hash>(call.argument(1));
    if (!fields) return;
    if (fields->find(call.argument(2))) return call.reply.integer(0);
    fields->set(call.argument(2), call.argument(3));
    call.changed(call.argument(1));
    call.reply.integer(1);
}

void hget(Call& call) {
    bool failed = false;
    const Hash* fields = hash(call, failed);
    if (!failed) reply_field(call, fields, call.argument(2));
}

void hmget(Call& call) {
    bool failed = false;
    const Hash* fields = hash(call, failed);
    if (failed) return;
    call.reply.array(call.size() - 2);
    for (std::string_view name : call.arguments.subspan(2)) reply_field(call, fields, name);
}

void hdel(Call& call) {
    bool failed = false;
    Hash* fields = call.typed<Hash>(call.argument(1), failed);
    if (failed) return;
    std::int64_t deleted = 0;
    if (fields)
        for (std::string_view name : call.arguments.subspan(2)) deleted += fields->erase(name);
    if (deleted != 0) {
        drop_if_empty(call, *fields);
        call.changed(call.argument(1));
    }
    call.reply.integer(deleted);
}

void hexists(Call& call) {
    bool failed = false;
    const Hash* fields = hash(call, failed);
    if (!failed) call.reply.integer(fields && fields->find(call.argument(2)) ? 1 : 0);
}

void hlen(Call& call) {
    bool failed = false;
    const Hash* fields = hash(call, failed);
    if (!failed) call.reply.integer(fields ? static_cast<std::int64_t>(fields->size()) : 0);
}

void hkeys(Call& call) { hash_list(call, true, false); }
void hvals(Call& call) { hash_list(call, false, true); }
void hgetall(Call& call) { hash_list(call, true, true); }

void sadd(Call& call) {
    Set* members = call.typed_or_new<Set>(call.argument(1));
    if (!members) return;
    std::int64_t added = 0;
    for (std::string_view member : call.arguments.subspan(2))
        added += members->emplace(member).second ? 1 : 0;
    if (added != 0) call.changed(call.argument(1));
    call.reply.integer(added);
}

void srem(Call& call) {
    bool failed = false;
    Set* members = call.typed<Set>(call.argument(1), failed);
    if (failed) return;
    std::int64_t removed = 0;
    if (members)
        for (std::string_view member : call.arguments.subspan(2)) {
            const auto found = members->find(member);
            if (found == members->end()) continue;
            members->erase(found);
            ++removed;
        }
    if (removed != 0) {
        drop_if_empty(call, *members);
        call.changed(call.argument(1));
    }
    call.reply.integer(removed);
}

void sismember(Call& call) {
    bool failed = false;
    const Set* members = call.typed<Set>(call.argument(1), failed);
    if (!failed) call.reply.integer(members && members->contains(call.argument(2)) ? 1 : 0);
}

void scard(Call& call) {
    bool failed = false;
    const Set* members = call.typed<Set>(call.argument(1), failed);
    if (!failed) call.reply.integer(members ? static_cast<std::int64_t>(members->size()) : 0);
}

void smembers(Call& call) {
    bool failed = false;
    const Set* members = call.typed<Set>(call.argument(1), failed);
    if (failed) return;
    call.reply.set(members ? members->size() : 0);
    if (!members) return;
    for (const std::string& member : *members) call.reply.bulk(member);
}

}  // namespace conclave::servers::redis::commands
