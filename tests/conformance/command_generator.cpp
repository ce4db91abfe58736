#include "command_generator.hpp"

#include <algorithm>

#include "conclave/codec/redis_scripts.hpp"
#include "engine/sha1.hpp"
#include "python_scripts.hpp"

namespace conclave::conformance {

CommandGenerator::CommandGenerator(sim::Stream stream) : stream_(stream) {
    for (const redis::scripts::Script& script : redis::scripts::all)
        scripts_.push_back({std::string(script.name), std::string(script.sha1),
                            std::string(script.body)});
    for (const auto& [package, of_package] :
         {std::pair{"redis-py ", redis_py_scripts()}, std::pair{"tooz ", tooz_scripts()}})
        for (const PythonScript& script : of_package) {
            const servers::redis::ScriptHash hash = servers::redis::sha1(script.body);
            scripts_.push_back(
                {package + script.name, std::string(hash.data(), hash.size()), script.body});
        }
}

std::set<std::string> CommandGenerator::scripts() const {
    std::set<std::string> names;
    for (const Script& script : scripts_) names.insert(script.name);
    return names;
}

std::string CommandGenerator::pick(std::initializer_list<const char*> choices) {
    return choices.begin()[stream_.below(choices.size())];
}

std::string CommandGenerator::key() { return keys[stream_.below(keys.size())]; }
std::string CommandGenerator::field() { return pick({"f", "g", "h", "__created__"}); }

std::string CommandGenerator::value() {
    return pick({"v", "w", "", "0", "1", "41", "-7", "1.5", "010", " 1", "9223372036854775807",
                 "-9223372036854775808", "f", "two words", "line\r\nbreak"});
}

/// Absolute times far from now, so that both servers agree on which side of them they are.
std::string CommandGenerator::past_or_future(bool seconds) {
    return seconds ? pick({"1", "1000000000", "4102444800", "4102444800", "4202444800"})
                   : pick({"1", "1000000000000", "4102444800000", "4102444800000",
                           "4202444800000"});
}

std::string CommandGenerator::milliseconds(std::initializer_list<const char*> choices) {
    return brief_ && stream_.chance(0.5) ? std::to_string(brief_ms) : pick(choices);
}

Step CommandGenerator::next() {
    Step step;
    step.connection = static_cast<int>(stream_.below(3));
    step.words = well_formed();
    drawn_.insert(step.words[0]);
    if (stream_.chance(0.3)) step.words = spoiled(std::move(step.words));
    return step;
}

CommandGenerator::Words CommandGenerator::well_formed() {
    if (brief_ && stream_.chance(0.25)) return brief_command();
    switch (stream_.below(22)) {
        case 0: case 1: case 2: return string_command();
        case 3: case 4: case 5: return set_command();
        case 6: case 7: case 8: return expiry_command();
        case 9: case 10: case 11: return hash_command();
        case 12: case 13: return collection_command();
        case 14: case 15: return transaction_command();
        case 16: case 17: return server_command();
        case 18: return connection_command();
        case 19: return subscription_command();
        default: return script_command();
    }
}

CommandGenerator::Words CommandGenerator::brief_command() {
    const std::string length = std::to_string(brief_ms);
    switch (stream_.below(3)) {
        case 0: return {"psetex", key(), length, value()};
        case 1: return {"set", key(), value(), "PX", length};
        default: return {"pexpire", key(), length};
    }
}

CommandGenerator::Words CommandGenerator::string_command() {
    const std::string name = pick({"get", "setnx", "getdel", "getset", "mget", "strlen", "append",
                                   "incr", "decr", "incrby", "decrby", "get"});
    if (name == "mget") return {name, key(), key()};
    Words words{name, key()};
    if (name == "setnx" || name == "append" || name == "getset" || name == "incrby" ||
        name == "decrby")
        words.push_back(value());
    return words;
}

CommandGenerator::Words CommandGenerator::set_command() {
    const std::string name = pick({"set", "set", "set", "setex", "psetex", "getex"});
    if (name == "psetex")
        return {name, key(), milliseconds({"100000", "0", "-1", "1000000", "9223372036854775807"}),
                value()};
    if (name == "setex")
        return {name, key(), pick({"100", "0", "-1", "1000000", "9223372036854775807"}), value()};
    Words words{name, key()};
    if (name == "set") words.push_back(value());
    for (std::uint64_t more = stream_.below(4); more > 0; --more) {
        const std::string option =
            pick({"NX", "XX", "GET", "KEEPTTL", "PERSIST", "EX", "PX", "EXAT", "PXAT", "pxat"});
        words.push_back(option);
        if (option == "EX") words.push_back(pick({"1000000", "0", "-5", "9223372036854775807"}));
        if (option == "PX")
            words.push_back(milliseconds({"1000000", "0", "-5", "9223372036854775807"}));
        if (option == "EXAT") words.push_back(past_or_future(true));
        if (option == "PXAT" || option == "pxat") words.push_back(past_or_future(false));
    }
    return words;
}

CommandGenerator::Words CommandGenerator::expiry_command() {
    const std::string name = pick({"expire", "pexpire", "expireat", "pexpireat", "ttl", "pttl",
                                   "persist", "expiretime", "pexpiretime", "del", "unlink",
                                   "exists", "type", "touch"});
    Words words{name, key()};
    if (name == "expireat") words.push_back(past_or_future(true));
    if (name == "pexpireat") words.push_back(past_or_future(false));
    if (name == "expire")
        words.push_back(pick({"1000000", "2000000", "0", "-1", "9223372036854775807"}));
    if (name == "pexpire")
        words.push_back(milliseconds({"1000000", "2000000", "0", "-1", "9223372036854775807"}));
    if (words.size() == 3)
        for (std::uint64_t more = stream_.below(3); more > 0; --more)
            words.push_back(pick({"NX", "XX", "GT", "LT", "gt", "FOO"}));
    if ((name == "del" || name == "exists") && stream_.chance(0.3)) words.push_back(key());
    return words;
}

CommandGenerator::Words CommandGenerator::hash_command() {
    const std::string name = pick({"hset", "hset", "hsetnx", "hget", "hmget", "hdel", "hexists",
                                   "hlen", "hkeys", "hvals", "hgetall"});
    Words words{name, key()};
    if (name == "hset" || name == "hsetnx" || name == "hget" || name == "hmget" ||
        name == "hdel" || name == "hexists")
        words.push_back(field());
    if (name == "hset" || name == "hsetnx") words.push_back(value());
    if (name == "hset" && stream_.chance(0.3)) {
        words.push_back(field());
        words.push_back(value());
    }
    if ((name == "hmget" || name == "hdel") && stream_.chance(0.5)) words.push_back(field());
    return words;
}

CommandGenerator::Words CommandGenerator::collection_command() {
    const std::string name = pick({"sadd", "sadd", "srem", "sismember", "scard", "smembers"});
    Words words{name, key()};
    if (name == "sadd" || name == "srem" || name == "sismember") words.push_back(value());
    if ((name == "sadd" || name == "srem") && stream_.chance(0.5)) words.push_back(value());
    return words;
}

CommandGenerator::Words CommandGenerator::transaction_command() {
    const std::string name =
        pick({"multi", "multi", "exec", "exec", "exec", "discard", "watch", "watch", "unwatch"});
    if (name == "watch") return {name, key()};
    return {name};
}

CommandGenerator::Words CommandGenerator::server_command() {
    switch (stream_.below(15)) {
        case 0: return {"ping"};
        case 1: return {"echo", value()};
        case 2: return {"select", pick({"0", "0", "0", "1", "16", "x"})};
        case 3: return {"client", pick({"getname", "GETNAME", "nonsense"})};
        case 4: return {"client", "setname", pick({"n", "m", "bad name", ""})};
        case 5: return {"role"};
        case 6: return {"keys", pick({"*", "a", "[a-b]", "?", "[^a]", "x*", "\\a"})};
        case 7: return {"scan", pick({"0", "0", "x"}), pick({"COUNT", "MATCH", "TYPE", "BAD"}),
                        pick({"1000", "0", "a", "string"})};
        case 8: return {"publish", pick({"channel", "other"}), value()};
        case 9: return {"dbsize"};
        case 10: return {"wait", pick({"0", "-1", "0", "x"}), pick({"0", "1", "-1"})};
        case 11: return {"script", pick({"exists", "flush", "bad"}), pick({"sync", "ab"})};
        case 13: return {"script", "kill"};
        case 12: return {pick({"nosuch", "getx", "FOO"}), value(), value()};
        default: return {"config", "get", pick({"databases", "timeout", "nothing"})};
    }
}

CommandGenerator::Words CommandGenerator::connection_command() {
    switch (stream_.below(12)) {
        case 0: return {"hello", pick({"2", "3", "3", "4", "x"})};
        case 1: return {"hello", "2", pick({"setname", "auth", "bad"}), pick({"n", "a b"})};
        case 2: return {"auth", pick({"secret", "default"})};
        case 3: return {"auth", pick({"default", "nobody"}), "secret"};
        case 4: return {"client", pick({"id", "info", "list", "unpause"})};
        case 5: return {"client", "kill", pick({"id", "type", "addr", "user", "skipme", "what"}),
                        pick({"999999", "0", "nobody", "1.2.3.4:5"})};
        case 6: return {"client", "pause", brief_ ? "-1" : pick({"0", "-1", "x"}),
                        pick({"write", "all", "bad"})};
        case 7: return {"info", pick({"server", "replication", "nosuch"})};
        case 8: return {pick({"time", "multi", "unwatch"})};
        case 9: return {"command", pick({"count", "bad"})};
        case 10: return {pick({"replicaof", "slaveof"}), "no", pick({"one", "two"})};
        default: return {pick({"flushdb", "flushall"}), pick({"sync", "async", "bad"})};
    }
}

CommandGenerator::Words CommandGenerator::subscription_command() {
    switch (stream_.below(9)) {
        // Scripts tell of a key on the channel of its name.
        case 0: return {"subscribe", stream_.chance(0.5) ? key() : "channel"};
        // One pattern: two that match make two messages, in the order of a hash table.
        case 1: return {"psubscribe", "chan*"};
        case 2: return {"unsubscribe", stream_.chance(0.5) ? key() : "channel"};
        case 3: return {"punsubscribe", pick({"chan*", "*"})};
        case 4: return {"pubsub", pick({"numpat", "channels", "bad"})};
        case 5: return {"pubsub", "numsub", pick({"channel", "other"})};
        // Most commands are errors to a subscriber: it does not stay one for long.
        default: return {"reset"};
    }
}

CommandGenerator::Words CommandGenerator::script_arguments() {
    const std::string keys = pick({"1", "2", "2", "3", "3", "5", "0"});
    Words words{keys};
    for (int i = std::stoi(keys); i > 0; --i) words.push_back(key());
    for (std::uint64_t more = stream_.below(6); more > 0; --more)
        words.push_back(milliseconds({"v", "100000", "f", "200000", "0", "owner", "1.5", " 7",
                                      "0x10", "-1", "__created__", "Not dead!"}));
    return words;
}

CommandGenerator::Words CommandGenerator::script_command() {
    const Script& script = scripts_[stream_.below(scripts_.size())];
    if (stream_.chance(0.2)) return {"script", "load", script.body};
    Words words{pick({"eval", "evalsha", "evalsha"})};
    words.push_back(words[0] == "eval" ? script.body : script.sha1);
    if (words[0] == "eval") scripts_drawn_.insert(script.name);
    if (words[0] == "evalsha" && stream_.chance(0.1)) words[1] = pick({"ffff", ""});
    const Words arguments = script_arguments();
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
}

/// Wrong on purpose: too few words, too many, or a number that is none.
CommandGenerator::Words CommandGenerator::spoiled(Words words) {
    // Another script's text would be refused by the model by declaration.
    const bool load = words.size() == 3 && words[1] == "load";
    switch (load ? 1 : stream_.below(4)) {
        case 0:
            if (words.size() > 1) words.pop_back();
            else words.push_back("surplus");
            break;
        case 1: words.push_back(pick({"surplus", "1", "NX"})); break;
        case 2:
            if (words.size() > 2) words[2] = pick({"nan", "1.0", "99999999999999999999", ""});
            else words.push_back("a");
            break;
        default:
            for (char& letter : words[0])
                if (letter >= 'a' && letter <= 'z' && stream_.chance(0.5))
                    letter = static_cast<char>(letter - 'a' + 'A');
    }
    return words;
}

}  // namespace conclave::conformance
