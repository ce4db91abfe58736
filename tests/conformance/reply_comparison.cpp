#include "reply_comparison.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "engine/text.hpp"
#include "raw_connection.hpp"

namespace conclave::conformance {

namespace {

/// The next reply of `bytes`, taken off its front.
std::string_view take_reply(std::string_view& bytes) {
    const std::string_view reply = bytes.substr(0, reply_length(bytes));
    bytes.remove_prefix(reply.size());
    return reply;
}

/// The elements of a flat array, sorted: for replies whose order Redis does not promise.
std::vector<std::string> sorted_elements(std::string_view bytes) {
    std::vector<std::string> elements;
    bytes.remove_prefix(std::min(bytes.size(), bytes.find("\r\n") + 2));
    while (!bytes.empty()) {
        const std::size_t length = reply_length(bytes);
        if (length == 0) break;
        elements.emplace_back(bytes.substr(0, length));
        bytes.remove_prefix(length);
    }
    std::sort(elements.begin(), elements.end());
    return elements;
}

bool same_elements(std::string_view real, std::string_view model) {
    return real.substr(0, real.find('\r')) == model.substr(0, model.find('\r')) &&
           sorted_elements(real) == sorted_elements(model);
}

/// Replies of an UNSUBSCRIBE from everything, one a channel: in whatever order, the count of what is
/// left goes down the same way.
bool same_farewells(std::string_view real, std::string_view model) {
    const auto taken_apart = [](std::string_view replies) {
        std::pair<std::vector<std::string>, std::string> parts;  // channels, sorted; counts
        while (!replies.empty()) {
            const std::string_view reply = take_reply(replies);
            if (reply.empty()) break;
            const std::size_t count = reply.rfind(':');
            parts.first.emplace_back(reply.substr(0, count));
            parts.second += count == std::string_view::npos ? "" : reply.substr(count);
        }
        std::sort(parts.first.begin(), parts.first.end());
        return parts;
    };
    return taken_apart(real) == taken_apart(model);
}

/// Two remaining times of life, read a little after one another.
bool close(std::string_view real, std::string_view model, std::int64_t tolerance) {
    std::int64_t left = 0;
    std::int64_t right = 0;
    if (real.empty() || model.empty() || real[0] != ':' || model[0] != ':') return false;
    std::from_chars(real.data() + 1, real.data() + real.size(), left);
    std::from_chars(model.data() + 1, model.data() + model.size(), right);
    return left > 0 && right > 0 && std::abs(left - right) <= tolerance;
}

/// What the transaction's own PUBLISH told its own connection, which stands between the replies.
std::string_view take_messages(std::string_view& bytes) {
    const std::string_view all = bytes;
    while (bytes.starts_with("*3\r\n$7\r\nmessage\r\n") ||
           bytes.starts_with("*4\r\n$8\r\npmessage\r\n"))
        take_reply(bytes);
    return all.substr(0, all.size() - bytes.size());
}

/// What a command within a transaction has answered: (un)subscribing is answered once a channel, and
/// a run of such commands is taken as one.
std::string_view take_replies(const Words& words, std::string_view& bytes) {
    const std::string name = servers::redis::lower(words[0]);
    const std::string_view all = bytes;
    take_reply(bytes);
    if (name.ends_with("subscribe")) {
        const std::string first = "*3\r\n$" + std::to_string(name.size()) + "\r\n" + name + "\r\n";
        while (bytes.starts_with(first)) take_reply(bytes);
    }
    return all.substr(0, all.size() - bytes.size());
}

/// Each reply of EXEC by the class of its own command.
bool same_transaction(const std::vector<Words>& queued, std::string_view real,
                      std::string_view model) {
    const std::size_t header = real.find('\n') + 1;
    if (real.substr(0, header) != model.substr(0, header) || real[0] != '*') return false;
    real.remove_prefix(header);
    model.remove_prefix(header);
    return std::all_of(queued.begin(), queued.end(), [&](const Words& words) {
        if (take_messages(real) != take_messages(model)) return false;
        return same_reply(words, {}, take_replies(words, real), take_replies(words, model));
    });
}

/// The same but for the number that follows the key "id".
bool same_but_id(std::string_view real, std::string_view model) {
    constexpr std::string_view id = "$2\r\nid\r\n:";
    const std::size_t at = real.find(id);
    if (at == std::string_view::npos || model.find(id) != at) return false;
    const auto rest = [&](std::string_view reply) {
        return reply.substr(reply.find('\n', at + id.size()));
    };
    return real.substr(0, at) == model.substr(0, at) && rest(real) == rest(model);
}

/// Texts about one server, its clients and its clock: only their kind can be the same.
bool tells_about_itself(const Words& words) {
    const std::string name = servers::redis::lower(words[0]);
    if (name == "info" || name == "time") return true;
    const std::string subcommand = words.size() > 1 ? servers::redis::lower(words[1]) : "";
    return (name == "client" && (subcommand == "id" || subcommand == "info" ||
                                 subcommand == "list")) ||
           (name == "command" && (words.size() == 1 || subcommand == "count"));
}

}  // namespace

bool same_reply(const Words& words, const std::vector<Words>& queued, std::string_view real,
                std::string_view model) {
    if (real == model) return true;
    if (real.empty() || model.empty()) return false;
    const std::string name = servers::redis::lower(words[0]);
    if (tells_about_itself(words)) return real[0] == model[0] && real[0] != '-';
    if (name == "hello") return same_but_id(real, model);
    if (name == "ttl" || name == "expiretime") return close(real, model, 2);
    if (name == "pttl" || name == "pexpiretime") return close(real, model, 2000);
    if (name == "smembers" || name == "keys") return same_elements(real, model);
    if (name == "unsubscribe" || name == "punsubscribe") return same_farewells(real, model);
    if (name == "pubsub" && words.size() > 1 && servers::redis::lower(words[1]) == "channels")
        return same_elements(real, model);
    if (name == "scan") {
        const std::size_t cursor = real.find("*", 1);
        return cursor != std::string_view::npos && real.substr(0, cursor) == model.substr(0, cursor) &&
               same_elements(real.substr(cursor), model.substr(cursor));
    }
    return name == "exec" && same_transaction(queued, real, model);
}

std::string printable(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        if (c == '\r') text += "\\r";
        else if (c == '\n') text += "\\n";
        else text += c;
    }
    return text;
}

}  // namespace conclave::conformance
