#pragma once

// One run of a recognised script: what Lua's `redis.call`, KEYS and ARGV are to it. Failures travel
// as ScriptFailure to the command that runs the script; writes before it stay, as in Redis.
// Source: script_lua.c of Redis 7.0.15.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/call.hpp"

namespace conclave::servers::redis {

/// An error inside a script; `line` is the Lua line that raised it.
struct ScriptFailure {
    std::string text;
    int line;
};

/// What redis.call returned.
struct ScriptReply {
    bool found = true;  ///< false for Lua's `false`: a null
    std::int64_t integer = 0;
    std::string text;
    std::vector<std::string> elements;

    bool is(std::optional<std::string_view> value) const noexcept {
        return found && value && text == *value;
    }
};

/// The number that Lua 5.1 takes a text for, by C's strtod; nothing when it takes it for none.
std::optional<double> lua_number(std::string_view text);
/// A number as redis.call sends it.
std::string lua_text(double number);

class ScriptRun {
public:
    using Word = std::optional<std::string_view>;

    /// `added_line`: of a script that has one more line than the one its native code follows.
    ScriptRun(Call& call, Arguments keys, Arguments arguments, int added_line = 0)
        : call_(call), keys_(keys), arguments_(arguments), added_line_(added_line) {}

    std::size_t keys() const noexcept { return keys_.size(); }
    /// KEYS[at] and ARGV[at], counted from 1; nothing stands for nil.
    Word key(std::size_t at) const noexcept { return pick(keys_, at); }
    Word argument(std::size_t at) const noexcept { return pick(arguments_, at); }
    /// ARGV[left] .. separator .. ARGV[right]; a nil fails as in Lua.
    std::string join(int line, Word left, std::string_view separator, Word right) const;

    /// redis.call(words...) on Lua line `line`; throws ScriptFailure when the command fails.
    ScriptReply call(int line, std::initializer_list<Word> words) {
        return call(line, std::span(words.begin(), words.size()));
    }
    ScriptReply call(int line, std::span<const Word> words);
    /// redis.pcall('PUBLISH', channel, '') where the script has a line for it before `line`.
    void tell(int line, Word channel);

    /// The script's own reply, written exactly once.
    ReplyWriter& reply() noexcept { return call_.reply; }

private:
    static Word pick(Arguments from, std::size_t at) noexcept {
        return at >= 1 && at <= from.size() ? Word(from[at - 1]) : std::nullopt;
    }
    static ScriptReply parse(std::string_view bytes);
    /// `line` of the script whose native code this is, where it stands in the one that runs.
    int placed(int line) const noexcept {
        return added_line_ != 0 && line >= added_line_ ? line + 1 : line;
    }

    Call& call_;
    Arguments keys_;
    Arguments arguments_;
    int added_line_;
};

/// A script this model can run instead of Lua.
struct NativeScript {
    std::string_view sha1;
    void (*run)(ScriptRun&);
    int added_line = 0;  ///< the one that tells of a change, before which the text is another's
};

/// Those of Python clients.
std::span<const NativeScript> python_scripts() noexcept;
/// Null when the model does not know the script.
const NativeScript* find_script(std::string_view sha1) noexcept;

}  // namespace conclave::servers::redis
