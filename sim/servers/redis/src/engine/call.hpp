#pragma once

// One command being executed: what its handler may see and do. Lives on the stack of
// Engine::execute().

#include <initializer_list>
#include <optional>
#include <string_view>

#include "engine/engine.hpp"
#include "engine/reply_writer.hpp"

namespace conclave::servers::redis {

namespace errors {
constexpr std::string_view syntax = "ERR syntax error";
constexpr std::string_view not_an_integer = "ERR value is not an integer or out of range";
constexpr std::string_view wrong_type =
    "WRONGTYPE Operation against a key holding the wrong kind of value";
constexpr std::string_view wrong_password =
    "WRONGPASS invalid username-password pair or user is disabled.";
}  // namespace errors

struct Call {
    Engine& engine;
    Session& session;
    const Command& command;
    Arguments arguments;
    std::int64_t now;
    ReplyWriter reply;
    std::size_t changes = 0;
    bool replicated = false;  ///< the handler has told what to replicate

    Call(Engine& the_engine, Session& the_session, const Command& the_command,
         Arguments the_arguments, std::int64_t wall_now)
        : engine(the_engine),
          session(the_session),
          command(the_command),
          arguments(the_arguments),
          now(wall_now),
          reply(the_session.output, the_session.protocol) {}

    std::string_view argument(std::size_t at) const noexcept { return arguments[at]; }
    std::size_t size() const noexcept { return arguments.size(); }
    Keyspace& keyspace() noexcept { return engine.keyspaces_[session.database]; }

    /// The live entry of `key`. An expired one is deleted by a master and hidden by a replica.
    Entry* find(std::string_view key);
    /// Like find(), and counts as a use for LRU.
    Entry* use(std::string_view key);
    /// The value of `key` as a T; null when missing. Replies WRONGTYPE and sets `failed` otherwise.
    template <class T>
    T* typed(std::string_view key, bool& failed) {
        Entry* entry = use(key);
        failed = entry && !std::holds_alternative<T>(entry->value);
        if (failed) reply.error(errors::wrong_type);
        return entry && !failed ? &std::get<T>(entry->value) : nullptr;
    }
    /// Like typed(), and creates an empty value when missing; null exactly when failed.
    template <class T>
    T* typed_or_new(std::string_view key) {
        bool failed = false;
        T* value = typed<T>(key, failed);
        if (failed || value) return value;
        return &std::get<T>(keyspace().put(key, T{}).value);
    }

    /// Records a change of `key`: watchers see it, and the command is replicated.
    void changed(std::string_view key);
    bool erase(std::string_view key);
    /// Replicates `words` instead of the command itself; may be called several times.
    void replicate_as(std::initializer_list<std::string_view> words);
    /// Replicates nothing although something changed.
    void replicate_nothing() noexcept { replicated = true; }

    /// The integer at `at`, or an error reply and nothing.
    std::optional<std::int64_t> integer(std::size_t at);
    void wrong_arity();
    void wrong_expire_time();
};

}  // namespace conclave::servers::redis
