#include <hiredis/hiredis.h>

#include <algorithm>
#include <limits>
#include <new>
#include <ostream>
#include <utility>

#include "conclave/codec/resp.hpp"

namespace conclave::resp {

namespace {
Reply with_text(Type type, std::string text) {
    Reply reply;
    reply.type = type;
    reply.text = std::move(text);
    return reply;
}

void append_line(std::string& out, char mark, std::string_view text) {
    out += mark;
    // A line break inside a line would end it early.
    for (const char c : text) out += c == '\r' || c == '\n' ? ' ' : c;
    out += "\r\n";
}
}  // namespace

Reply status(std::string text) { return with_text(Type::status, std::move(text)); }
Reply error(std::string text) { return with_text(Type::error, std::move(text)); }
Reply bulk(std::string bytes) { return with_text(Type::bulk, std::move(bytes)); }
Reply null() { return {}; }

Reply null_array() {
    Reply reply;
    reply.null_array = true;
    return reply;
}

Reply integer(std::int64_t value) {
    Reply reply;
    reply.type = Type::integer;
    reply.integer = value;
    return reply;
}

Reply array(std::vector<Reply> elements) {
    Reply reply;
    reply.type = Type::array;
    reply.elements = std::move(elements);
    return reply;
}

std::string_view to_string(Type type) noexcept {
    switch (type) {
        case Type::status: return "status";
        case Type::error: return "error";
        case Type::integer: return "integer";
        case Type::bulk: return "bulk string";
        case Type::null: return "null";
        case Type::array: return "array";
    }
    return "?";
}

std::ostream& operator<<(std::ostream& out, const Reply& reply) {
    constexpr std::size_t shown_bytes = 60;
    switch (reply.type) {
        case Type::status: return out << reply.text;
        case Type::error: return out << "(error) " << reply.text;
        case Type::integer: return out << "(integer) " << reply.integer;
        case Type::null: return out << "(nil)";
        case Type::bulk:
            return out << '"' << reply.text.substr(0, shown_bytes)
                       << (reply.text.size() > shown_bytes ? "...\"" : "\"");
        case Type::array: break;
    }
    out << '[';
    for (std::size_t i = 0; i < reply.elements.size(); ++i)
        out << (i ? ", " : "") << reply.elements[i];
    return out << ']';
}

void append_command(std::string& out, std::span<const std::string_view> arguments) {
    std::vector<const char*> starts;
    std::vector<std::size_t> lengths;
    starts.reserve(arguments.size());
    lengths.reserve(arguments.size());
    for (const std::string_view argument : arguments) {
        starts.push_back(argument.data());
        lengths.push_back(argument.size());
    }
    sds command = nullptr;
    const int length = redisFormatSdsCommandArgv(&command, static_cast<int>(arguments.size()),
                                                 starts.data(), lengths.data());
    if (length < 0) throw std::bad_alloc();
    out.append(command, static_cast<std::size_t>(length));
    redisFreeSdsCommand(command);
}

void append_reply(std::string& out, const Reply& reply) {
    switch (reply.type) {
        case Type::status: append_line(out, '+', reply.text); return;
        case Type::error: append_line(out, '-', reply.text); return;
        case Type::integer: append_line(out, ':', std::to_string(reply.integer)); return;
        case Type::null: out += reply.null_array ? "*-1\r\n" : "$-1\r\n"; return;
        case Type::bulk:
            append_line(out, '$', std::to_string(reply.text.size()));
            out += reply.text;
            out += "\r\n";
            return;
        case Type::array:
            append_line(out, '*', std::to_string(reply.elements.size()));
            for (const Reply& element : reply.elements) append_reply(out, element);
            return;
    }
}

}  // namespace conclave::resp
