#include "engine/script_run.hpp"

#include <cctype>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "engine/command_table.hpp"
#include "engine/pubsub.hpp"

namespace conclave::servers::redis {

namespace {

/// Cuts one line off `bytes`, without its line break.
std::string_view take_line(std::string_view& bytes) {
    const std::size_t end = bytes.find("\r\n");
    const std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end + 2);
    return line;
}

std::int64_t number(std::string_view digits) {
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

/// Lua 5.1 has no integers: a number from a command is a double in the script. One that is too large
/// to come back becomes the smallest integer, as the processors of real servers (x86-64) do it.
std::int64_t through_lua(std::int64_t integer) {
    constexpr double too_large = 9223372036854775808.0;  // 2^63
    const double number = static_cast<double>(integer);
    return number < too_large ? static_cast<std::int64_t>(number)
                              : std::numeric_limits<std::int64_t>::min();
}

std::string take_bulk(std::string_view& bytes, std::int64_t length) {
    std::string text(bytes.substr(0, static_cast<std::size_t>(length)));
    bytes.remove_prefix(static_cast<std::size_t>(length) + 2);
    return text;
}

}  // namespace

// luaO_str2d() of Lua 5.1.
std::optional<double> lua_number(std::string_view text) {
    const std::string copy(text);
    char* end = nullptr;
    double number = std::strtod(copy.c_str(), &end);
    if (end == copy.c_str()) return std::nullopt;
    if (*end == 'x' || *end == 'X')
        number = static_cast<double>(std::strtoul(copy.c_str(), &end, 16));
    while (std::isspace(static_cast<unsigned char>(*end))) ++end;
    if (*end != '\0') return std::nullopt;
    return number;
}

// luaRedisGenericCommand() in script_lua.c.
std::string lua_text(double number) {
    char text[64];
    const int length = std::snprintf(text, sizeof text, "%.17g", number);
    return std::string(text, static_cast<std::size_t>(length));
}

/// Only what our own commands write: no nesting, bulk strings in arrays.
ScriptReply ScriptRun::parse(std::string_view bytes) {
    ScriptReply reply;
    const std::string_view line = take_line(bytes);
    const std::string_view rest = line.substr(1);
    if (line[0] == '+') reply.text = rest;
    else reply.integer = number(rest);
    if (line[0] == ':') reply.integer = through_lua(reply.integer);
    if (line[0] == '$') {
        reply.found = reply.integer >= 0;
        if (reply.found) reply.text = take_bulk(bytes, reply.integer);
    }
    if (line[0] == '*')
        for (std::int64_t i = 0; i < reply.integer; ++i)
            reply.elements.push_back(take_bulk(bytes, number(take_line(bytes).substr(1))));
    return reply;
}

std::string ScriptRun::join(int line, Word left, std::string_view separator, Word right) const {
    if (!left || !right)
        throw ScriptFailure{"ERR user_script:" + std::to_string(placed(line)) +
                                ": attempt to concatenate field '?' (a nil value)",
                            placed(line)};
    return std::string(*left) + std::string(separator) + std::string(*right);
}

// A push to the caller itself stays in its output, before the script's own reply.
void ScriptRun::tell(int line, Word channel) {
    if (line != added_line_ || !channel) return;
    PubSubCommands::publish(call_.engine, call_.session, *channel, "");
}

ScriptReply ScriptRun::call(int line, std::span<const Word> words) {
    line = placed(line);
    std::vector<std::string_view> arguments;
    arguments.reserve(words.size());
    for (const Word& word : words) {
        if (!word)
            throw ScriptFailure{
                "ERR Lua redis lib command arguments must be strings or integers", line};
        arguments.push_back(*word);
    }
    Call inner(call_.engine, call_.session, *find_command(arguments[0]), arguments, call_.now);
    inner.reply = ReplyWriter(call_.session.output, 2);
    const std::size_t start = inner.reply.position();
    if (const std::string_view refusal = call_.engine.refusal_in_script(inner); !refusal.empty())
        throw ScriptFailure{std::string(refusal), line};
    call_.engine.run(inner);
    const std::string_view bytes = inner.reply.since(start);
    if (bytes[0] == '-') {
        std::string text(bytes.substr(1, bytes.size() - 3));
        inner.reply.rewind(start);
        throw ScriptFailure{std::move(text), line};
    }
    ScriptReply reply = parse(bytes);
    inner.reply.rewind(start);
    return reply;
}

}  // namespace conclave::servers::redis
