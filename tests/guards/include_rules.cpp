// Who may include what. An include is sorted into a kind, and every module lists the kinds that it
// may know; link lines say the same, but a header-only dependency slips past those.

#include <algorithm>
#include <array>
#include <optional>
#include <regex>
#include <set>
#include <string>

#include "rules.hpp"

namespace conclave::guards {
namespace {

/// Matched in order: the first prefix that fits an include names its kind.
struct Kind {
    std::string prefix;
    std::string name;
};

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> table = {
        {"conclave/asio", "asio"},
        {"conclave/conclave.hpp", "connect"},
        {"conclave/connect.hpp", "connect"},
        {"conclave/codec/", "codec"},
        {"conclave/drivers/", "drivers"},
        {"conclave/servers/", "servers"},
        {"conclave/sim/", "sim"},
        {"conclave/properties/", "properties"},
        {"conclave/scenarios/", "scenarios"},
        {"conclave/", "core"},
        {"boost/context/", "boost.context"},
        {"boost/", "boost"},
        {"openssl/", "openssl"},
        {"hiredis/", "hiredis"},
        {"rapidcheck", "rapidcheck"},
        {"gtest/", "gtest"},
        {"gmock/", "gtest"},
        {"CLI/", "command line"},
        {"toml++/", "toml"},
        {"nlohmann/", "json"},
        {"sys/", "operating system"},
        {"netinet/", "operating system"},
        {"arpa/", "operating system"},
    };
    return table;
}

/// Standard and system headers that reach outside the process or another thread. <cstdio> is not
/// here: snprintf is pure, and the symbol check finds what is not.
const std::set<std::string>& operating_system_headers() {
    static const std::set<std::string> headers = {"condition_variable",
                                                  "csignal",
                                                  "ctime",
                                                  "execution",
                                                  "fcntl.h",
                                                  "filesystem",
                                                  "fstream",
                                                  "future",
                                                  "iostream",
                                                  "mutex",
                                                  "netdb.h",
                                                  "poll.h",
                                                  "random",
                                                  "semaphore",
                                                  "shared_mutex",
                                                  "thread",
                                                  "unistd.h",
                                                  "pthread.h",
                                                  "signal.h",
                                                  "spawn.h",
                                                  "time.h"};
    return headers;
}

/// Later entries are more specific and win.
struct Module {
    std::string prefix;
    std::set<std::string> may_know;
};

const std::vector<Module>& modules() {
    static const std::vector<Module> table = {
        {"core/", {"core"}},
        {"core/src/assert.cpp", {"core", "operating system"}},
        {"core/src/fiber", {"core", "boost.context", "operating system"}},
        {"core/src/stack_pool", {"core", "operating system"}},
        {"core/src/value_json", {"core", "json"}},
        {"core/asio/", {"core", "asio", "boost", "openssl", "operating system"}},
        {"core/asynchronous/", {"core", "asio", "boost"}},
        {"drivers/", {"core", "codec", "drivers"}},
        {"drivers/redis/codec/", {"core", "codec", "hiredis"}},
        {"drivers/connect/", {"core", "asio", "drivers", "connect"}},
        {"sim/", {"core", "sim"}},
        {"sim/servers/", {"core", "sim", "codec", "servers", "openssl"}},
        {"properties/", {"core", "properties"}},
        {"scenarios/",
         {"core", "codec", "drivers", "servers", "sim", "properties", "scenarios", "toml", "json",
          "rapidcheck", "operating system"}},
    };
    return table;
}

const Module* module_of(const std::string& path) {
    const Module* found = nullptr;
    for (const Module& module : modules())
        if (path.starts_with(module.prefix)) found = &module;
    return found;
}

/// nullopt for what everybody may include: the standard library and files of the own folder.
std::optional<std::string> kind_of(const std::string& include) {
    for (const Kind& kind : kinds())
        if (include.starts_with(kind.prefix)) return kind.name;
    if (operating_system_headers().contains(include)) return "operating system";
    return std::nullopt;
}

void check_file(const SourceFile& file, const Module& module, Findings& findings) {
    static const std::regex pattern(R"(#include\s*[<"]([^>"]+)[>"])");
    for (std::sregex_iterator it(file.code.begin(), file.code.end(), pattern), end; it != end;
         ++it) {
        const std::string include = (*it)[1];
        const std::optional<std::string> kind = kind_of(include);
        if (!kind || module.may_know.contains(*kind)) continue;
        findings.push_back({file.path, line_of(file.code, static_cast<std::size_t>(it->position())),
                            module.prefix + " must not know " + *kind + ": " + include});
    }
}

}  // namespace

Findings include_rules(const Files& files) {
    Findings findings;
    for (const SourceFile& file : files) {
        const Module* module = module_of(file.path);
        if (is_cpp(file) && module != nullptr) check_file(file, *module, findings);
    }
    return findings;
}

}  // namespace conclave::guards
