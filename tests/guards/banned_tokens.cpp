// Words that must not appear, where, and what to write instead.

#include <algorithm>
#include <string>

#include "rules.hpp"

namespace conclave::guards {
namespace {

struct Ban {
    std::string token;
    std::string instead;
    std::vector<std::string> where;   ///< path prefixes
    std::vector<std::string> except;  ///< path prefixes below them
};

/// Code that runs in the simulated world: all of it must be a function of the seed.
const std::vector<std::string>& simulated() {
    static const std::vector<std::string> prefixes = {"core/", "drivers/", "sim/", "properties/",
                                                      "scenarios/"};
    return prefixes;
}

const std::vector<Ban>& bans() {
    static const std::vector<std::string> tree = {"core/",       "drivers/",   "sim/",
                                                  "properties/", "scenarios/", "tests/",
                                                  "tools/",      "bench/",     "examples/"};
    static const std::string posix = "core/asio/";
    static const std::vector<Ban> table = {
        {"steady_clock", "an injected Clock", simulated(), {posix}},
        {"system_clock", "an injected WallClock", simulated(), {posix}},
        {"high_resolution_clock", "an injected Clock", simulated(), {posix}},
        {"clock_gettime", "an injected Clock", simulated(), {posix}},
        {"std::this_thread", "the Runtime: wait on a fiber, or for the event itself", tree, {posix}},
        {"std::thread", "a fiber of a TaskGroup", simulated(), {posix}},
        {"std::jthread", "a fiber of a TaskGroup", simulated(), {posix}},
        {"std::mutex",
         "FiberMutex, or nothing: a Runtime is single-threaded",
         simulated(),
         {posix}},
        {"std::async", "a fiber of a TaskGroup", simulated(), {posix}},
        {"random_device", "Runtime::random", tree, {posix}},
        {"rand(", "Runtime::random or sim::Stream", tree, {}},
        {"mt19937", "sim::Stream", tree, {}},
        {"uniform_int_distribution",
         "sim::Stream::below: the library's differ by vendor",
         tree,
         {}},
        {"uniform_real_distribution", "sim::Stream::chance", tree, {}},
        {"std::shuffle", "sim::Stream: the library's differ by vendor", tree, {}},
        {"getenv", "an option", simulated(), {posix}},
        {"unordered_",
         "std::map or a sorted vector: order must not depend on hashing",
         simulated(),
         {}},
        {"catch (...)",
         "the errors that are meant: it swallows Killed, by which a fiber ends",
         {"drivers/"},
         {"drivers/connect/"}},
        {"std::hash", "an explicit hash function", simulated(), {}},
        {"thread_local",
         "the Runtime; core/src/fiber.cpp owns the single one",
         simulated(),
         {"core/src/fiber.cpp", posix}},
        {"std::regex",
         "a hand-written scanner: it needs 377 KB of a fiber's 64 KB stack",
         simulated(),
         {}},
        {"FIXME", "TODO(kind): sentence, or fix it", tree, {}},
    };
    return table;
}

bool is_word(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)); }

/// A token that begins with a word character must not be the tail of a longer word.
bool whole(const std::string& code, std::size_t at, const std::string& token) {
    return at == 0 || !is_word(token.front()) || !is_word(code[at - 1]);
}

void check_file(const SourceFile& file, const Ban& ban, Findings& findings) {
    for (std::size_t at = file.code.find(ban.token); at != std::string::npos;
         at = file.code.find(ban.token, at + 1)) {
        if (!whole(file.code, at, ban.token)) continue;
        findings.push_back({file.path, line_of(file.code, at),
                            "'" + ban.token + "' is banned here; use " + ban.instead});
    }
}

/// A map or set ordered by addresses iterates in an order that the allocator chose.
void check_pointer_keys(const SourceFile& file, Findings& findings) {
    for (const std::string container :
         {"std::map<", "std::set<", "std::multimap<", "std::multiset<"}) {
        for (std::size_t at = file.code.find(container); at != std::string::npos;
             at = file.code.find(container, at + 1)) {
            const std::size_t key_end = file.code.find_first_of(",<>;\n", at + container.size());
            if (key_end == std::string::npos || file.code[key_end - 1] != '*') continue;
            findings.push_back({file.path, line_of(file.code, at),
                                "a pointer is a key here; use an id: addresses differ by run"});
        }
    }
}

}  // namespace

Findings banned_tokens(const Files& files) {
    Findings findings;
    for (const SourceFile& file : files) {
        const bool planted = file.path.starts_with("tests/guards/planted/");
        if (!is_cpp(file) || planted) continue;
        for (const Ban& ban : bans())
            if (starts_with_any(file.path, ban.where) && !starts_with_any(file.path, ban.except))
                check_file(file, ban, findings);
        if (starts_with_any(file.path, simulated())) check_pointer_keys(file, findings);
    }
    return findings;
}

}  // namespace conclave::guards
