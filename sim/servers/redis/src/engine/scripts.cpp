// The Lua scripts of this project's driver, which the model runs natively, each with the checks and
// the line numbers of its source: conclave/codec/redis_scripts.hpp. Those of push=on are the same
// with one line more.

#include <algorithm>
#include <cctype>
#include <span>

#include "conclave/codec/redis_scripts.hpp"
#include "engine/script_run.hpp"

namespace conclave::servers::redis {

namespace {

namespace ours = conclave::redis::scripts;

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
    run.tell(2, run.key(1));
    std::vector<ScriptRun::Word> words{"DEL"};  // unpack(KEYS): however many there are
    for (std::size_t at = 1; at <= run.keys(); ++at) words.push_back(run.key(at));
    run.call(2, words);
    run.reply().integer(1);
}

void break_told(ScriptRun& run) {
    run.tell(1, run.key(1));
    run.reply().integer(run.call(1, {"DEL", run.key(1)}).integer);
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
    run.tell(5, run.key(1));
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

/// Lines 9 and 10: a member that neither this process, for all it was told, nor one of tooz keeps there.
bool is_left_behind(ScriptRun& run, const ScriptReply& beat, const ScriptReply& last) {
    const bool own = last.found && run.argument(6) == process_of(last);
    return !beat.is(tooz_beat) && (!own || run.argument(7) == "1");
}

/// Lines 4 and 5: another join of the same process that came later, left or not, or an update of this
/// one, is known.
bool is_overtaken(ScriptRun& run, const ScriptReply& last) {
    const auto is_digit = [](unsigned char c) { return std::isxdigit(c) != 0 || c == '+'; };
    const auto begin = std::find_if(last.text.begin(), last.text.end(), is_digit);
    const std::string latest(begin, std::find_if_not(begin, last.text.end(), is_digit));
    return run.argument(6) == latest.substr(0, 32) && *run.argument(4) < latest;
}

void join_group(ScriptRun& run) {
    if (missing(run)) return;
    const ScriptReply last = run.call(2, {"GET", run.key(3)});
    if (last.is(run.join(3, "-", "", run.argument(4)))) return run.reply().integer(0);
    if (is_overtaken(run, last)) return run.reply().integer(0);
    const ScriptReply beat = run.call(6, {"GET", run.key(2)});
    if (is_another_process(beat, run.argument(6))) return run.reply().integer(0);
    if (!last.is(run.argument(4)) &&
        run.call(8, {"HEXISTS", run.key(1), run.argument(1)}).integer == 1) {
        if (!is_left_behind(run, beat, last)) return run.reply().integer(0);
        run.call(11, {"HDEL", run.key(1), run.argument(1)});
    }
    run.tell(13, run.key(1));
    const std::int64_t added =
        run.call(13, {"HSETNX", run.key(1), run.argument(1), run.argument(2)}).integer;
    run.call(14, {"SET", run.key(2), run.argument(6), "PX", run.argument(3)});
    run.call(15, {"SET", run.key(3), run.argument(4), "PX", run.argument(5)});
    run.reply().integer(2 - added);
}

/// string.match(text, '^%x+'): nothing of a join that was left.
std::optional<std::string_view> incarnation_in(std::string_view text) {
    const auto is_digit = [](unsigned char c) { return std::isxdigit(c) != 0; };
    const auto* const end = std::find_if_not(text.begin(), text.end(), is_digit);
    if (end == text.begin()) return std::nullopt;
    return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

void leave_group(ScriptRun& run) {
    if (missing(run)) return;
    const ScriptReply last = run.call(2, {"GET", run.key(2)});
    const std::string left = run.join(3, "-", "", run.argument(2));
    if (last.is(left)) return run.reply().integer(2);
    if (last.found && incarnation_in(last.text) != run.argument(2)) return run.reply().integer(0);
    run.call(5, {"SET", run.key(2), left, "PX", run.argument(3)});
    run.tell(6, run.key(1));
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
        if (is_present(run, member)) {
            present.insert(present.end(), {member, fields[i + 1]});
            continue;
        }
        run.tell(15, run.key(1));
        run.call(15, {"HDEL", run.key(1), member});
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
    const ScriptReply last = run.call(2, {"GET", run.key(2)});
    if (last.found && incarnation_in(last.text) != run.argument(3))
        return run.reply().integer(0);
    if (run.call(4, {"HEXISTS", run.key(1), run.argument(1)}).integer == 0)
        return run.reply().integer(0);
    const std::string version = last.found ? run.join(5, run.argument(3), "", run.argument(4)) : "";
    if (last.found && last.text > version) return run.reply().integer(1);
    if (last.found) run.call(6, {"SET", run.key(2), version, "PX", run.argument(5)});
    run.tell(7, run.key(1));
    run.call(7, {"HSET", run.key(1), run.argument(1), run.argument(2)});
    run.reply().integer(1);
}

std::int64_t beat_in_group(ScriptRun& run, std::size_t i, bool replaced) {
    const ScriptReply last = run.call(6, {"GET", run.key(i + 1)});
    if (run.call(7, {"EXISTS", run.key(i)}).integer == 0) return -1;
    if (replaced) return -2;
    if (last.found && !run.argument(i + 4))
        throw ScriptFailure{"ERR user_script:9: bad argument #1 to 'match' (string expected, got nil)", 9};
    const std::string_view version = run.argument(i + 4).value_or("");
    if (last.found && incarnation_in(last.text) != incarnation_in(version)) return -2;
    if (last.found && last.text > version) return 0;
    const std::int64_t added =
        run.call(14, {"HSETNX", run.key(i), run.argument(2), run.argument(i + 3)}).integer;
    if (added == 1) run.tell(15, run.key(i));
    run.call(15, {"SET", run.key(i + 1), run.argument(i + 4), "PX", run.argument(3)});
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

constexpr NativeScript known[]{
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
    NativeScript{ours::release_told.sha1, driver::release, 2},
    NativeScript{ours::break_told.sha1, driver::break_told, 1},
    NativeScript{ours::delete_group_told.sha1, driver::delete_group, 5},
    NativeScript{ours::join_group_told.sha1, driver::join_group, 13},
    NativeScript{ours::leave_group_told.sha1, driver::leave_group, 6},
    NativeScript{ours::get_members_told.sha1, driver::get_members, 15},
    NativeScript{ours::update_capabilities_told.sha1, driver::update_capabilities, 7},
    NativeScript{ours::beat_told.sha1, driver::beat, 15},
};

}  // namespace

const NativeScript* find_script(std::string_view sha1) noexcept {
    for (const std::span<const NativeScript> scripts :
         {std::span<const NativeScript>(known), python_scripts()})
        for (const NativeScript& script : scripts)
            if (script.sha1 == sha1) return &script;
    return nullptr;
}

}  // namespace conclave::servers::redis
