// EVAL EVALSHA SCRIPT. Source: eval.c of Redis 7.0.15.

#include "engine/commands.hpp"
#include "engine/numbers.hpp"
#include "engine/script_run.hpp"
#include "engine/server_commands.hpp"
#include "engine/sha1.hpp"
#include "engine/text.hpp"

namespace conclave::servers::redis {

namespace {

std::string hash_of(std::string_view body) {
    const ScriptHash digits = sha1(body);
    return std::string(digits.data(), digits.size());
}

std::string unsupported(std::string_view sha) {
    return "ERR unsupported by the model: script " + std::string(sha) +
           " is none of those it recognises";
}

/// How many of the arguments are keys; nothing after an error reply.
std::optional<std::size_t> key_count(Call& call) {
    const auto keys = call.integer(2);
    if (!keys) return std::nullopt;
    if (*keys > static_cast<std::int64_t>(call.size()) - 3) {
        call.reply.error("ERR Number of keys can't be greater than number of args");
        return std::nullopt;
    }
    if (*keys < 0) {
        call.reply.error("ERR Number of keys can't be negative");
        return std::nullopt;
    }
    return static_cast<std::size_t>(*keys);
}

void run_script(Call& call, const NativeScript& script, std::size_t keys) {
    ScriptRun run(call, call.arguments.subspan(3, keys), call.arguments.subspan(3 + keys),
                  script.added_line);
    std::string failure;
    try {
        script.run(run);
    } catch (const ScriptFailure& failed) {
        failure = failed.text + " script: " + std::string(script.sha1) + ", on @user_script:" +
                  std::to_string(failed.line) + ".";
    }
    // It has written nothing yet but what it told the caller as a subscriber.
    if (!failure.empty()) call.reply.error(failure);
}

}  // namespace

void ServerCommands::eval(Call& call) {
    const auto keys = key_count(call);
    if (!keys) return;
    const std::string sha = hash_of(call.argument(1));
    const NativeScript* script = find_script(sha);
    if (!script) return call.reply.error(unsupported(sha));
    call.engine.cached_scripts_.insert(sha);
    run_script(call, *script, *keys);
}

void ServerCommands::evalsha(Call& call) {
    constexpr std::string_view no_script = "NOSCRIPT No matching script. Please use EVAL.";
    if (call.argument(1).size() != 40) return call.reply.error(no_script);
    const auto keys = key_count(call);
    if (!keys) return;
    const std::string sha = lower(call.argument(1));
    if (!call.engine.cached_scripts_.contains(sha)) return call.reply.error(no_script);
    run_script(call, *find_script(sha), *keys);
}

void ServerCommands::script_load(Call& call) {
    const std::string sha = hash_of(call.argument(2));
    if (!find_script(sha)) return call.reply.error(unsupported(sha));
    call.engine.cached_scripts_.insert(sha);
    call.reply.bulk(sha);
}

void ServerCommands::script_exists(Call& call) {
    call.reply.array(call.size() - 2);
    for (std::string_view sha : call.arguments.subspan(2))
        call.reply.integer(call.engine.cached_scripts_.contains(lower(sha)) ? 1 : 0);
}

void ServerCommands::script_flush(Call& call) {
    if (call.size() > 3 || (call.size() == 3 && !equal_ignoring_case(call.argument(2), "SYNC") &&
                            !equal_ignoring_case(call.argument(2), "ASYNC")))
        return call.reply.error("ERR SCRIPT FLUSH only support SYNC|ASYNC option");
    call.engine.cached_scripts_.clear();
    call.reply.ok();
}

void ServerCommands::script_kill(Call& call) {
    if (call.engine.supervisor_.kill_script()) return call.reply.ok();
    call.reply.error("NOTBUSY No scripts in execution right now.");
}

}  // namespace conclave::servers::redis
