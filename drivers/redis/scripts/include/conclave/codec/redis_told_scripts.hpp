#pragma once

// The scripts of push=on: the same, but what changes an object says so on the channel that is named
// like the object's key. By pcall, because who may not publish must not lose the write; a
// subscriber that hears of it asks after the script has ended.

#include <array>

#include "conclave/codec/redis_group_scripts.hpp"
#include "conclave/codec/redis_lease_scripts.hpp"

namespace conclave::redis::scripts {

namespace detail {

inline constexpr std::string_view tell = "redis.pcall('PUBLISH', KEYS[1], '')\n";
inline constexpr std::string_view tell_rejoined =
    "if outcome[i / 2] == 1 then redis.pcall('PUBLISH', KEYS[i], '') end\n";

/// Where line `line`, counted from 1, begins.
constexpr std::size_t line_begin(std::string_view text, int line) {
    std::size_t at = 0;
    while (--line > 0) at = text.find('\n', at) + 1;
    return at;
}

/// The text of `quiet` with `more` before its line `line`.
template <const Script& quiet, int line, const std::string_view& more>
constexpr auto with_line() {
    std::array<char, quiet.body.size() + more.size()> text{};
    const std::size_t at = line_begin(quiet.body, line);
    std::size_t end = 0;
    for (const std::string_view part : {quiet.body.substr(0, at), more, quiet.body.substr(at)})
        for (const char c : part) text[end++] = c;
    return text;
}
template <const Script& quiet, int line, const std::string_view& more>
inline constexpr auto told_text = with_line<quiet, line, more>();

template <const Script& quiet, int line, const std::string_view& more = tell>
inline constexpr std::string_view told{told_text<quiet, line, more>.data(),
                                       told_text<quiet, line, more>.size()};

}  // namespace detail

// Each is told before its line that writes.
inline constexpr Script release_told{"release_told", "024bd0145fae30cf022221c24f8b04ae40964068",
                                     detail::told<release, 2>};
inline constexpr Script delete_group_told{
    "delete_group_told", "3c06bdfffe9cc036eb40dd07e0a25692beff6e33", detail::told<delete_group, 5>};
inline constexpr Script join_group_told{
    "join_group_told", "4a2401ca8aa7d87011f34f3f8d7bfc958cb67ae2", detail::told<join_group, 13>};
inline constexpr Script leave_group_told{
    "leave_group_told", "5701a1e198c1adee0fa4fb939b5ddf66bfc789aa", detail::told<leave_group, 6>};
/// An eviction is a change that a reader makes.
inline constexpr Script get_members_told{
    "get_members_told", "649412c3f93008a9c0c412da3ecc2d9c68985d1f", detail::told<get_members, 15>};
inline constexpr Script update_capabilities_told{"update_capabilities_told",
                                                 "f17285f1d0a05fed9aa9d18b0b4b211fa786a5ed",
                                                 detail::told<update_capabilities, 7>};
/// Only a member that was not there: most beats change nothing.
inline constexpr Script beat_told{"beat_told", "072c5f22f4a166043abe6553ceedb1250d533f16",
                                  detail::told<beat, 15, detail::tell_rejoined>};

/// Removes a lock whoever holds it. KEYS: lock. Reply: 1, or 0 when nobody held it.
inline constexpr Script break_told{"break_told", "beb751aab509c85a71f781a6ecc3200fb7e6ede4",
                                   R"lua(redis.pcall('PUBLISH', KEYS[1], '')
return redis.call('DEL', KEYS[1])
)lua"};

}  // namespace conclave::redis::scripts
