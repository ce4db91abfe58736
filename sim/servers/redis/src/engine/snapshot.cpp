// The data set as a stream of commands: what a full resynchronisation sends and an append-only file
// is rewritten to. Redis sends an RDB file; only this model reads this form.

#include <string>

#include "engine/engine.hpp"
#include "engine/reply_writer.hpp"

namespace conclave::servers::redis {

namespace {

void append_value(std::string& out, std::string_view key, const Value& value) {
    std::vector<std::string_view> words;
    if (const auto* text = std::get_if<std::string>(&value)) {
        words = {"SET", key, *text};
    } else if (const auto* fields = std::get_if<Hash>(&value)) {
        words = {"HSET", key};
        for (const auto& [name, content] : *fields) words.insert(words.end(), {name, content});
    } else {
        words = {"SADD", key};
        for (const std::string& member : std::get<Set>(value)) words.push_back(member);
    }
    append_request(out, words);
}

}  // namespace

std::string Engine::snapshot() const {
    std::string out;
    for (int database = 0; database < databases; ++database) {
        if (keyspaces_[database].size() == 0) continue;
        append_request(out, std::vector<std::string>{"SELECT", std::to_string(database)});
        for (const auto& [key, entry] : keyspaces_[database].entries()) {
            append_value(out, key, entry.value);
            if (entry.volatile_key())
                append_request(out, std::vector<std::string>{"PEXPIREAT", key,
                                                             std::to_string(entry.expires_at)});
        }
    }
    return out;
}

}  // namespace conclave::servers::redis
