// The options of the verbs that run CMD.

#include "conclave/url.hpp"
#include "held_command.hpp"

namespace conclave::tool {

namespace {

constexpr Duration default_ttl = std::chrono::seconds(10);
constexpr Duration default_kill_after = std::chrono::seconds(2);
constexpr Duration ttl_min = std::chrono::milliseconds(100);
// A renewal is due every third of the ttl: CMD must not be told to end before the second has
// failed.
constexpr int kill_after_per_ttl = 4;

constexpr const char* footer =
    "CMD runs in a process group of its own. When the hold can no longer be proved, the group "
    "gets\n"
    "SIGTERM, and SIGKILL --kill-after later, before another client can be granted it. A guard "
    "process\n"
    "does so also when this tool is stopped or killed. A process that leaves CMD's group is not\n"
    "stopped, and a machine that stands still as a whole stops nothing: for that CONCLAVE_TOKEN is "
    "a\n"
    "fence, where the backend claims fencing. See docs/verbs.md.\n"
    "Exit: CMD's own code, 128+n for signal n; 64 usage, 69 backend unavailable, 75 not obtained "
    "in\n"
    "time, 77 not permitted, 78 the backend cannot do this, 79 the hold was lost while CMD ran.";

bool is_redis(const Url& url) { return url.scheme == "redis" || url.scheme == "rediss"; }

/// How long the hold lives without a renewal.
Duration ttl_of(const HoldArguments& arguments) {
    if (!arguments.ttl.empty()) return duration_of(arguments.ttl, "--ttl");
    const Url url = parse_url(arguments.backend.url);
    const bool member = arguments.kind == HoldKind::membership;
    for (const char* const option : {member ? "membership_timeout" : "lock_timeout", "timeout"})
        if (const auto found = url.query.find(option); found != url.query.end())
            return duration_of(found->second + "s", option);
    return default_ttl;
}

}  // namespace

void add_hold_options(CLI::App& verb, HoldArguments& arguments, const std::string& what) {
    verb.add_option(what, arguments.name)->required();
    add_url(verb, arguments.backend);
    verb.add_option("--kill-after", arguments.kill_after,
                    "From SIGTERM to SIGKILL: at most a quarter of the ttl; 2s, or a fifth of it");
    verb.footer(footer);
    if (arguments.kind == HoldKind::membership) return;
    auto* const wait = verb.add_option("--wait", arguments.wait, "Wait at most this long for it");
    wait->capture_default_str();
    verb.add_flag("--no-wait", arguments.no_wait, "One attempt")->excludes(wait);
    verb.add_option(
        "--ttl", arguments.ttl,
        "How long an unrenewed hold lives; else what the URL says, else 10s. On file:// "
        "URLs it lasts as long as its processes");
    verb.add_option("-E", arguments.not_obtained_code, "Exit code when it is not obtained in time")
        ->check(CLI::Range(0, 255))
        ->capture_default_str();
}

HoldTimes hold_times(const HoldArguments& arguments) {
    if (arguments.command.empty()) throw UsageError("expected -- CMD... at the end");
    HoldTimes times;
    if (!arguments.no_wait) times.wait = duration_of(arguments.wait, "--wait");
    times.ttl = ttl_of(arguments);
    if (times.ttl < ttl_min) throw UsageError("--ttl: expected at least 100ms");
    times.kill_after = std::min(default_kill_after, times.ttl / 5);
    if (arguments.kill_after.empty()) return times;
    times.kill_after = duration_of(arguments.kill_after, "--kill-after");
    if (times.kill_after * kill_after_per_ttl > times.ttl)
        throw UsageError("--kill-after " + arguments.kill_after +
                         ": expected at most a quarter of the ttl, so that one renewal may fail");
    return times;
}

ConnectOptions with_ttl(const HoldArguments& arguments, Duration ttl) {
    ConnectOptions options;
    if (!is_redis(parse_url(arguments.backend.url))) return options;
    options.driver.emplace("lock_timeout", seconds_text(ttl));
    return options;
}

}  // namespace conclave::tool
