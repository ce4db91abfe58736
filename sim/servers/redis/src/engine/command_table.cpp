#include "engine/command_table.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "engine/commands.hpp"
#include "engine/server_commands.hpp"
#include "engine/text.hpp"

namespace conclave::servers::redis {

namespace {

using namespace command_flag;

// clang-format off
constexpr std::array table{std::to_array<Command>({
    {"append", 3, write | grows, 1, 1, 1, commands::append},
    {"auth", -2, no_script | no_auth | allow_busy, 0, 0, 0, ServerCommands::auth},
    {"client", -2, 0, 0, 0, 0, nullptr},
    {"client|getname", 2, no_script, 0, 0, 0, commands::client_getname},
    {"client|id", 2, no_script, 0, 0, 0, commands::client_id},
    {"client|info", 2, no_script, 0, 0, 0, ServerCommands::client_info},
    {"client|kill", -3, no_script, 0, 0, 0, ServerCommands::client_kill},
    {"client|list", -2, no_script, 0, 0, 0, ServerCommands::client_list},
    {"client|pause", -3, no_script, 0, 0, 0, ServerCommands::client_pause},
    {"client|setname", 3, no_script, 0, 0, 0, commands::client_setname},
    {"client|unpause", 2, no_script, 0, 0, 0, ServerCommands::client_unpause},
    {"command", -1, 0, 0, 0, 0, commands::command_list},
    {"command|count", 2, 0, 0, 0, 0, commands::command_count},
    {"command|docs", -2, 0, 0, 0, 0, commands::command_docs},
    {"command|info", -2, 0, 0, 0, 0, commands::command_info},
    {"config", -2, 0, 0, 0, 0, nullptr},
    {"config|get", -3, no_script, 0, 0, 0, commands::config_get},
    {"config|rewrite", 2, no_script, 0, 0, 0, ServerCommands::config_rewrite},
    {"dbsize", 1, 0, 0, 0, 0, commands::dbsize},
    {"decr", 2, write | grows, 1, 1, 1, commands::decr},
    {"decrby", 3, write | grows, 1, 1, 1, commands::decrby},
    {"del", -2, write, 1, -1, 1, commands::del},
    {"discard", 1, no_script | at_once | allow_busy, 0, 0, 0, ServerCommands::discard},
    {"echo", 2, 0, 0, 0, 0, commands::echo},
    {"eval", -3, no_script | writes_maybe, 0, 0, 0, ServerCommands::eval},
    {"evalsha", -3, no_script | writes_maybe, 0, 0, 0, ServerCommands::evalsha},
    {"exec", 1, no_script | at_once, 0, 0, 0, ServerCommands::exec},
    {"exists", -2, 0, 1, -1, 1, commands::exists},
    {"expire", -3, write, 1, 1, 1, commands::expire},
    {"expireat", -3, write, 1, 1, 1, commands::expireat},
    {"expiretime", 2, 0, 1, 1, 1, commands::expiretime},
    {"flushall", -1, write, 0, 0, 0, commands::flushall},
    {"flushdb", -1, write, 0, 0, 0, commands::flushdb},
    {"get", 2, 0, 1, 1, 1, commands::get},
    {"getdel", 2, write, 1, 1, 1, commands::getdel},
    {"getex", -2, write, 1, 1, 1, commands::getex},
    {"getset", 3, write | grows, 1, 1, 1, commands::getset},
    {"hdel", -3, write, 1, 1, 1, commands::hdel},
    {"hello", -1, no_script | no_auth | allow_busy, 0, 0, 0, ServerCommands::hello},
    {"hexists", 3, 0, 1, 1, 1, commands::hexists},
    {"hget", 3, 0, 1, 1, 1, commands::hget},
    {"hgetall", 2, 0, 1, 1, 1, commands::hgetall},
    {"hkeys", 2, 0, 1, 1, 1, commands::hkeys},
    {"hlen", 2, 0, 1, 1, 1, commands::hlen},
    {"hmget", -3, 0, 1, 1, 1, commands::hmget},
    {"hset", -4, write | grows, 1, 1, 1, commands::hset},
    {"hsetnx", 4, write | grows, 1, 1, 1, commands::hsetnx},
    {"hvals", 2, 0, 1, 1, 1, commands::hvals},
    {"incr", 2, write | grows, 1, 1, 1, commands::incr},
    {"incrby", 3, write | grows, 1, 1, 1, commands::incrby},
    {"info", -1, 0, 0, 0, 0, ServerCommands::info},
    {"keys", 2, 0, 0, 0, 0, ServerCommands::keys},
    {"mget", -2, 0, 1, -1, 1, commands::mget},
    {"multi", 1, no_script | at_once | allow_busy, 0, 0, 0, ServerCommands::multi},
    {"persist", 2, write, 1, 1, 1, commands::persist},
    {"pexpire", -3, write, 1, 1, 1, commands::pexpire},
    {"pexpireat", -3, write, 1, 1, 1, commands::pexpireat},
    {"pexpiretime", 2, 0, 1, 1, 1, commands::pexpiretime},
    {"ping", -1, subscriber, 0, 0, 0, commands::ping},
    {"psetex", 4, write | grows, 1, 1, 1, commands::psetex},
    {"psubscribe", -2, no_script | subscriber, 0, 0, 0, commands::psubscribe},
    {"psync", -3, no_script | no_transaction, 0, 0, 0, commands::psync},
    {"pttl", 2, 0, 1, 1, 1, commands::pttl},
    {"publish", 3, writes_maybe, 0, 0, 0, commands::publish},
    {"pubsub", -2, 0, 0, 0, 0, nullptr},
    {"pubsub|channels", -2, 0, 0, 0, 0, commands::pubsub_channels},
    {"pubsub|numpat", 2, 0, 0, 0, 0, commands::pubsub_numpat},
    {"pubsub|numsub", -2, 0, 0, 0, 0, commands::pubsub_numsub},
    {"punsubscribe", -1, no_script | subscriber, 0, 0, 0, commands::punsubscribe},
    {"quit", -1, no_script | no_auth | at_once | subscriber | allow_busy, 0, 0, 0, commands::quit},
    {"replconf", -1, no_script | allow_busy, 0, 0, 0, commands::replconf},
    {"replicaof", 3, no_script, 0, 0, 0, ServerCommands::replicaof},
    {"reset", 1, no_script | no_auth | at_once | subscriber | allow_busy, 0, 0, 0, ServerCommands::reset},
    {"role", 1, no_script, 0, 0, 0, ServerCommands::role},
    {"sadd", -3, write | grows, 1, 1, 1, commands::sadd},
    {"scan", -2, 0, 0, 0, 0, ServerCommands::scan},
    {"scard", 2, 0, 1, 1, 1, commands::scard},
    {"script", -2, 0, 0, 0, 0, nullptr},
    {"script|exists", -3, no_script, 0, 0, 0, ServerCommands::script_exists},
    {"script|flush", -2, no_script, 0, 0, 0, ServerCommands::script_flush},
    {"script|kill", 2, no_script | allow_busy, 0, 0, 0, ServerCommands::script_kill},
    {"script|load", 3, no_script, 0, 0, 0, ServerCommands::script_load},
    {"select", 2, 0, 0, 0, 0, commands::select},
    {"set", -3, write | grows, 1, 1, 1, commands::set},
    {"setex", 4, write | grows, 1, 1, 1, commands::setex},
    {"setnx", 3, write | grows, 1, 1, 1, commands::setnx},
    {"sismember", 3, 0, 1, 1, 1, commands::sismember},
    {"slaveof", 3, no_script, 0, 0, 0, ServerCommands::replicaof},
    {"smembers", 2, 0, 1, 1, 1, commands::smembers},
    {"srem", -3, write, 1, 1, 1, commands::srem},
    {"strlen", 2, 0, 1, 1, 1, commands::strlen},
    {"subscribe", -2, no_script | subscriber, 0, 0, 0, commands::subscribe},
    {"time", 1, 0, 0, 0, 0, commands::time},
    {"touch", -2, 0, 1, -1, 1, commands::touch},
    {"ttl", 2, 0, 1, 1, 1, commands::ttl},
    {"type", 2, 0, 1, 1, 1, commands::type},
    {"unlink", -2, write, 1, -1, 1, commands::del},
    {"unsubscribe", -1, no_script | subscriber, 0, 0, 0, commands::unsubscribe},
    {"unwatch", 1, no_script | allow_busy, 0, 0, 0, ServerCommands::unwatch},
    {"wait", 3, no_script, 0, 0, 0, ServerCommands::wait},
    {"watch", -2, no_script | at_once | allow_busy, 1, -1, 1, ServerCommands::watch},
})};
// clang-format on

/// Compares a lower-case name with one in any case.
bool before(std::string_view name, std::string_view wanted) noexcept {
    return std::lexicographical_compare(
        name.begin(), name.end(), wanted.begin(), wanted.end(),
        [](char left, char right) { return to_lower(left) < to_lower(right); });
}

}  // namespace

std::span<const Command> command_table() noexcept { return table; }

const Command* find_command(std::string_view name) noexcept {
    const auto found =
        std::lower_bound(table.begin(), table.end(), name,
                         [](const Command& command, std::string_view wanted) {
                             return before(command.name, wanted);
                         });
    if (found == table.end() || !equal_ignoring_case(found->name, name)) return nullptr;
    return &*found;
}

const Command* find_subcommand(const Command& container, std::string_view name) noexcept {
    char full[32];
    if (container.name.size() + 1 + name.size() > sizeof full) return nullptr;
    char* end = std::copy(container.name.begin(), container.name.end(), full);
    *end++ = '|';
    end = std::copy(name.begin(), name.end(), end);
    return find_command(std::string_view(full, static_cast<std::size_t>(end - full)));
}

}  // namespace conclave::servers::redis
