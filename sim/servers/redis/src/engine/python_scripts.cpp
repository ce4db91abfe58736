// The Lua scripts of Python clients, which the model runs natively, each with the checks and the
// line numbers of its source: the lock of redis-py 4.3 and the groups of python3-tooz 3.1. The
// tests compute the SHA-1 of the installed packages' texts.

#include "engine/script_run.hpp"

namespace conclave::servers::redis {

namespace {

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

constexpr NativeScript of_python[]{
    NativeScript{"c3f8721cbb97f72bc19e972846bd7aaf91901658", python_lock::release},
    NativeScript{"a4e8783852e6b949f9ef3a97212805108459a890", python_lock::extend},
    NativeScript{"1cac51482acf5858da00f6d685d68f886cd6b6b2", python_lock::reacquire},
    NativeScript{"c6ec40a30128b8d86488e3850e926d1c60118037", tooz::create_group},
    NativeScript{"e47a96214548e256ec64eb168ba17283d16099f1", tooz::delete_group},
    NativeScript{"cccb120b934124a8e613a354221a1636a0ced4bd", tooz::update_capabilities},
};

}  // namespace

std::span<const NativeScript> python_scripts() noexcept { return of_python; }

}  // namespace conclave::servers::redis
