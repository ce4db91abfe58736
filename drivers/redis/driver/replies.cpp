#include "replies.hpp"

#include <sstream>

#include "conclave/error.hpp"

namespace conclave::redis {

void unexpected(const resp::Reply& reply, std::string_view asked, std::string_view expected) {
    std::ostringstream text;
    text << "redis: wrong reply to " << asked << ": " << to_string(reply.type) << ' ' << reply
         << ", expected " << expected;
    throw Error(text.str(), Effect::unknown);
}

std::int64_t integer_of(const resp::Reply& reply, std::string_view asked) {
    if (reply.type != resp::Type::integer) unexpected(reply, asked, "an integer");
    return reply.integer;
}

const std::vector<resp::Reply>& array_of(const resp::Reply& reply, std::string_view asked) {
    if (reply.type != resp::Type::array) unexpected(reply, asked, "an array");
    return reply.elements;
}

const std::string& text_of(const resp::Reply& reply, std::string_view asked) {
    if (reply.type != resp::Type::bulk) unexpected(reply, asked, "a bulk string");
    return reply.text;
}

}  // namespace conclave::redis
