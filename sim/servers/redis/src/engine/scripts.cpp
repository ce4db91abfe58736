// The Lua scripts that this model runs natively, each with the checks and the line numbers of its
// source: this project's driver, the lock of redis-py 4.3 and the groups of python3-tooz 3.1. The
// tests compute the SHA-1 of the installed packages' texts.

#include <algorithm>
#include <array>

#include "conclave/codec/redis_scripts.hpp"
#include "engine/script_run.hpp"

namespace conclave::servers::redis {

namespace {

namespace ours = conclave::redis::scripts;

/// The driver: conclave/codec/redis_scripts.hpp.
namespace driver {

/// Names the leader beside the lock, when the script was given a key for it.
void set_leader(ScriptRun& run, int line, std::size_t key) {
    if (!run.key(key)) return;
    const std::string text = run.join(line, run.argument(1), " ", run.argument(3));
    run.call(line, {"SET", run.key(key), text, "PX", run.argument(2)});
}

bool missing(ScriptRun& run) {
    if (run.call(1, {"EXISTS", run.key(1)}).integer == 1) return false;
    run.reply().integer(-1);
    return true;
}

void acquire(ScriptRun& run) {
    const ScriptReply holder = run.call(1, {"GET", run.key(1)});
    if (holder.found && !holder.is(run.argument(1))) return run.reply().integer(0);
    const std::int64_t token = run.call(3, {"INCR", run.key(2)}).integer;
    run.call(4, {"SET", run.key(1), run.argument(1), "PX", run.argument(2)});
    set_leader(run, 5, 3);
    run.reply().integer(token);
}

void renew(ScriptRun& run) {
    if (!run.call(1, {"GET", run.key(1)}).is(run.argument(1))) return run.reply().integer(0);
    run.call(2, {"PEXPIRE", run.key(1), run.argument(2)});
    set_leader(run, 3, 2);
    run.reply().integer(1);
}

void release(ScriptRun& run) {
    if (!run.call(1, {"GET", run.key(1)}).is(run.argument(1))) return run.reply().integer(0);
    std::vector<ScriptRun::Word> words{"DEL"};  // unpack(KEYS): however many there are
    for (std::size_t at = 1; at <= run.keys(); ++at) words.push_back(run.key(at));
    run.call(2, words);
    run.reply().integer(1);
}

void create_group(ScriptRun& run) {
    if (run.call(1, {"EXISTS", run.key(1)}).integer == 1) return run.reply().integer(0);
    run.call(2, {"SADD", run.key(2), run.argument(1)});
    run.call(3, {"HSET", run.key(1), "__created__", "1"});
    run.reply().integer(1);
}

void delete_group(ScriptRun& run) {
    if (missing(run)) return;
    if (run.call(2, {"SISMEMBER", run.key(2), run.argument(1)}).integer == 0)
        return run.reply().integer(-1);
    if (run.call(3, {"HLEN", run.key(1)}).integer > 1) return run.reply().integer(-3);
    run.call(4, {"SREM", run.key(2), run.argument(1)});
    run.call(5, {"DEL", run.key(1)});
    run.reply().integer(1);
}

/// What a join key says of another incarnation, left or not.
bool is_another(const ScriptReply& last, std::optional<std::string_view> incarnation) {
    return last.found && !last.is(incarnation);
}

constexpr std::string_view tooz_beat = "Not dead!";

/// The process that an incarnation names.
std::string_view process_of(const ScriptReply& join) {
    return std::string_view(join.text).substr(0, 32);
}

/// Whether a beat is that of another process of ours.
bool is_another_process(const ScriptReply& beat, std::optional<std::string_view> process) {
    return is_another(beat, process) && !beat.is(tooz_beat);
}

/// Line 7: a member that neither this process nor one of tooz keeps there.
bool is_left_behind(const ScriptReply& beat, const ScriptReply& last,
                    std::optional<std::string_view> process) {
    return !beat.is(tooz_beat) && !(last.found && process && process_of(last) == *process);
}

void join_group(ScriptRun& run) {
    if (missing(run)) return;
    const ScriptReply last = run.call(2, {"GET", run.key(3)});
    if (last.is(run.join(3, "-", "", run.argument(4)))) return run.reply().integer(0);
    const ScriptReply beat = run.call(4, {"GET", run.key(2)});
    if (is_another_process(beat, run.argument(6))) return run.reply().integer(0);
    if (!last.is(run.argument(4)) &&
        run.call(6, {"HEXISTS", run.key(1), run.argument(1)}).integer == 1) {
        if (!is_left_behind(beat, last, run.argument(6))) return run.reply().integer(0);
        run.call(8, {"HDEL", run.key(1), run.argument(1)});
    }
    const std::int64_t added =
        run.call(10, {"HSETNX", run.key(1), run.argument(1), run.argument(2)}).integer;
    run.call(11, {"SET", run.key(2), run.argument(6), "PX", run.argument(3)});
    run.call(12, {"SET", run.key(3), run.argument(4), "PX", run.argument(5)});
    run.reply().integer(2 - added);
}

void leave_group(ScriptRun& run) {
    if (missing(run)) return;
    const ScriptReply last = run.call(2, {"GET", run.key(2)});
    const std::string left = run.join(3, "-", "", run.argument(2));
    if (last.is(left)) return run.reply().integer(2);
    if (is_another(last, run.argument(2))) return run.reply().integer(0);
    run.call(5, {"SET", run.key(2), left, "PX", run.argument(3)});
    run.reply().integer(run.call(6, {"HDEL", run.key(1), run.argument(1)}).integer);
}

bool is_present(ScriptRun& run, const std::string& member) {
    const ScriptReply beat = run.call(7, {"GET", run.join(7, run.argument(1), "", member)});
    const ScriptReply join = run.call(8, {"GET", run.join(8, run.argument(2), "", member)});
    const auto is_asker = [&] {
        return run.argument(3) == member && join.found && run.argument(4) == process_of(join);
    };
    return is_asker() || (join.found && beat.is(process_of(join))) || beat.is(tooz_beat);
}

void get_members(ScriptRun& run) {
    if (missing(run)) return;
    const auto fields = run.call(2, {"HGETALL", run.key(1)}).elements;
    std::vector<std::string_view> present;
    for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
        const std::string& member = fields[i];
        if (member == "__created__") continue;
        if (is_present(run, member)) present.insert(present.end(), {member, fields[i + 1]});
        else run.call(15, {"HDEL", run.key(1), member});
    }
    run.reply().array(present.size());
    for (std::string_view each : present) run.reply().bulk(each);
}

void get_capabilities(ScriptRun& run) {
    if (missing(run)) return;
    const ScriptReply value = run.call(2, {"HGET", run.key(1), run.argument(1)});
    if (value.found) run.reply().bulk(value.text);
    else run.reply().null();
}

void update_capabilities(ScriptRun& run) {
    if (missing(run)) return;
    if (is_another(run.call(2, {"GET", run.key(2)}), run.argument(3)))
        return run.reply().integer(0);
    if (run.call(4, {"HEXISTS", run.key(1), run.argument(1)}).integer == 0)
        return run.reply().integer(0);
    run.call(5, {"HSET", run.key(1), run.argument(1), run.argument(2)});
    run.reply().integer(1);
}

std::int64_t beat_in_group(ScriptRun& run, std::size_t i, bool replaced) {
    const ScriptReply last = run.call(6, {"GET", run.key(i + 1)});
    if (run.call(7, {"EXISTS", run.key(i)}).integer == 0) return -1;
    if (replaced || is_another(last, run.argument(i + 4))) return -2;
    const std::int64_t added =
        run.call(12, {"HSETNX", run.key(i), run.argument(2), run.argument(i + 3)}).integer;
    run.call(13, {"SET", run.key(i + 1), run.argument(i + 4), "PX", run.argument(3)});
    return added;
}

void beat(ScriptRun& run) {
    const bool replaced = is_another_process(run.call(1, {"GET", run.key(1)}), run.argument(4));
    if (run.key(2) && !replaced)
        run.call(3, {"SET", run.key(1), run.argument(4), "PX", run.argument(1)});
    std::vector<std::int64_t> outcome;
    for (std::size_t i = 2; i <= run.keys(); i += 2)
        outcome.push_back(beat_in_group(run, i, replaced));
    run.reply().array(outcome.size());
    for (std::int64_t each : outcome) run.reply().integer(each);
}

}  // namespace driver

/// redis-py's lock: /lock.py of redis-py 4.3.4.
namespace python_lock {

bool foreign(ScriptRun& run) {
    if (run.call(2, {"get", run.key(1)}).is(run.argument(1))) return false;
    run.reply().integer(0);
    return true;
}

void release(ScriptRun& run) {
    if (foreign(run)) return;
    run.call(6, {"del", run.key(1)});
    run.reply().integer(1);
}

/// ARGV[2] + expiration.
std::string extended(ScriptRun& run, std::int64_t expiration) {
    const auto more = run.argument(2) ? lua_number(*run.argument(2)) : std::nullopt;
    if (more) return lua_text(*more + static_cast<double>(expiration));
    throw ScriptFailure{"ERR user_script:16: attempt to perform arithmetic on field '?' (a " +
                            std::string(run.argument(2) ? "string" : "nil") + " value)",
                        16};
}

void extend(ScriptRun& run) {
    if (foreign(run)) return;
    const std::int64_t expiration = run.call(6, {"pttl", run.key(1)}).integer;
    if (expiration < 0) return run.reply().integer(0);
    if (run.argument(3) == std::string_view("0"))
        run.call(18, {"pexpire", run.key(1), extended(run, expiration)});
    else
        run.call(18, {"pexpire", run.key(1), run.argument(2)});
    run.reply().integer(1);
}

void reacquire(ScriptRun& run) {
    if (foreign(run)) return;
    run.call(6, {"pexpire", run.key(1), run.argument(2)});
    run.reply().integer(1);
}

}  // namespace python_lock

/// python3-tooz's groups: drivers/redis.py of tooz 3.1.
namespace tooz {

void create_group(ScriptRun& run) {
    if (run.call(6, {"exists", run.key(1)}).integer == 1) return run.reply().integer(0);
    run.call(9, {"sadd", run.key(2), run.argument(1)});
    run.call(10, {"hset", run.key(1), "__created__", "1"});
    run.reply().integer(1);
}

void delete_group(ScriptRun& run) {
    if (run.call(6, {"exists", run.key(1)}).integer == 0) return run.reply().integer(-1);
    if (run.call(9, {"sismember", run.key(2), run.argument(1)}).integer == 0)
        return run.reply().integer(-2);
    if (run.call(12, {"hlen", run.key(1)}).integer > 1) return run.reply().integer(-3);
    if (run.call(17, {"srem", run.key(2), run.argument(1)}).integer == 0)
        return run.reply().integer(-4);
    run.call(20, {"del", run.key(1)});
    run.reply().integer(1);
}

void update_capabilities(ScriptRun& run) {
    if (run.call(6, {"exists", run.key(1)}).integer == 0) return run.reply().integer(-1);
    if (run.call(9, {"hexists", run.key(1), run.argument(1)}).integer == 0)
        return run.reply().integer(-2);
    run.call(12, {"hset", run.key(1), run.argument(1), run.argument(2)});
    run.reply().integer(1);
}

}  // namespace tooz

constexpr std::array known{
    NativeScript{ours::acquire.sha1, driver::acquire},
    NativeScript{ours::renew.sha1, driver::renew},
    NativeScript{ours::release.sha1, driver::release},
    NativeScript{ours::create_group.sha1, driver::create_group},
    NativeScript{ours::delete_group.sha1, driver::delete_group},
    NativeScript{ours::join_group.sha1, driver::join_group},
    NativeScript{ours::leave_group.sha1, driver::leave_group},
    NativeScript{ours::get_members.sha1, driver::get_members},
    NativeScript{ours::get_capabilities.sha1, driver::get_capabilities},
    NativeScript{ours::update_capabilities.sha1, driver::update_capabilities},
    NativeScript{ours::beat.sha1, driver::beat},
    NativeScript{"c3f8721cbb97f72bc19e972846bd7aaf91901658", python_lock::release},
    NativeScript{"a4e8783852e6b949f9ef3a97212805108459a890", python_lock::extend},
    NativeScript{"1cac51482acf5858da00f6d685d68f886cd6b6b2", python_lock::reacquire},
    NativeScript{"c6ec40a30128b8d86488e3850e926d1c60118037", tooz::create_group},
    NativeScript{"e47a96214548e256ec64eb168ba17283d16099f1", tooz::delete_group},
    NativeScript{"cccb120b934124a8e613a354221a1636a0ced4bd", tooz::update_capabilities},
};

}  // namespace

const NativeScript* find_script(std::string_view sha1) noexcept {
    const auto found = std::find_if(known.begin(), known.end(), [&](const NativeScript& script) {
        return script.sha1 == sha1;
    });
    return found == known.end() ? nullptr : &*found;
}

}  // namespace conclave::servers::redis
