#include "examination.hpp"

#include <algorithm>
#include <charconv>

#include "conclave/error.hpp"
#include "info.hpp"
#include "milliseconds.hpp"
#include "replies.hpp"
#include "server_settings.hpp"

namespace conclave::redis {

namespace {

constexpr int pings = 5;
// A round trip of more than this part of the ttl leaves no room for a second attempt at a renewal.
constexpr int round_trips_per_ttl = 10;
// The client gives up an attempt after this part of the shorter lease.
constexpr int attempts_per_ttl = 4;
constexpr std::int64_t offset_max_ms = 1000;

std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

bool is_local(const Endpoint& server) {
    return !server.unix_path.empty() || server.host == "localhost" || server.host == "::1" ||
           server.host.starts_with("127.");
}

}  // namespace

Remarks Examination::run() {
    info_ = text_of(client_.call(command({"INFO"}, Repeat::safe), deadline_).reply, "INFO");
    look_at_connection();
    look_at_server();
    measure_round_trip();
    compare_clocks();
    look_at_eviction();
    look_at_persistence();
    look_at_replication();
    return std::move(remarks_);
}

void Examination::ok(std::string about, std::string text) {
    remarks_.push_back({Remark::Grade::ok, std::move(about), std::move(text)});
}
void Examination::warn(std::string about, std::string text) {
    remarks_.push_back({Remark::Grade::warning, std::move(about), std::move(text)});
}
void Examination::fail(std::string about, std::string text) {
    remarks_.push_back({Remark::Grade::error, std::move(about), std::move(text)});
}

void Examination::look_at_connection() {
    const ClientOptions& client = options_.client;
    const bool local = is_local(client.server) && !client.sentinel;
    if (client.tls && client.tls->verify)
        ok("TLS", "the connection is encrypted and the server's certificate was checked");
    else if (client.tls)
        warn("TLS", "ssl_verify=false: whoever is in between can pose as the server");
    else if (local)
        ok("TLS", "none; the server is on this machine");
    else
        warn("TLS", "none: names, values and the password cross the network in clear text");
    if (!client.credentials.password.empty())
        ok("auth", "the server accepted the password");
    else if (local)
        ok("auth", "no password is asked for; the server is on this machine");
    else
        warn("auth", "no password is asked for: whoever reaches the server can take any lock");
}

void Examination::look_at_server() {
    ok("server", "Redis " + std::string(info_field(info_, "redis_version")));
    if (info_field(info_, "role") == "slave")
        fail("role", "a replica: it refuses every write; name its master or Sentinel in the URL");
    else
        ok("role", "master");
}

void Examination::measure_round_trip() {
    Duration longest{};
    for (int i = 0; i < pings; ++i) {
        const Answer answer = client_.call(command({"PING"}, Repeat::safe), deadline_);
        longest = std::max(longest, Duration(runtime_.clock.now() - answer.sent_at));
    }
    const Duration ttl = std::min(options_.lock_ttl, options_.membership_ttl);
    const std::string told = std::to_string(longest.count() / 1000) + " us at most in " +
                             std::to_string(pings) + ", the shortest ttl is " + milliseconds(ttl) +
                             " ms";
    if (longest * attempts_per_ttl > ttl)
        fail("round trip", told + ": renewals are given up before their answer comes");
    else if (longest * round_trips_per_ttl > ttl)
        warn("round trip", told + ": a renewal that fails once may come too late");
    else
        ok("round trip", told);
}

void Examination::compare_clocks() {
    const std::int64_t before = runtime_.wall_clock.now().nanoseconds;
    const Answer answer = client_.call(command({"TIME"}, Repeat::safe), deadline_);
    const std::int64_t after = runtime_.wall_clock.now().nanoseconds;
    const std::vector<resp::Reply>& time = array_of(answer.reply, "TIME");
    if (time.size() != 2) unexpected(answer.reply, "TIME", "seconds and microseconds");
    const std::int64_t server =
        number(text_of(time[0], "TIME")) * 1000 + number(text_of(time[1], "TIME")) / 1000;
    const std::int64_t offset = server - (before + (after - before) / 2) / 1'000'000;
    const std::string told = "the server's is " + std::to_string(offset) + " ms ahead of ours";
    if (offset > offset_max_ms || offset < -offset_max_ms)
        warn("clocks", told +
                           ": one of them may be set soon, and a step of the server's ends "
                           "leases early");
    else
        ok("clocks", told);
}

// Every lock has a ttl, so that the policies for keys with one concern it too.
void Examination::look_at_eviction() {
    const std::string policy(info_field(info_, "maxmemory_policy"));
    const std::string_view limit = info_field(info_, "maxmemory");
    if (policy.empty())
        warn("eviction", "the server does not tell its maxmemory-policy; expected noeviction");
    else if (policy == "noeviction")
        ok("eviction", "noeviction");
    else if (limit == "0")
        warn("eviction", policy + ", without effect while maxmemory is 0; expected noeviction");
    else
        fail("eviction", policy +
                             ": a server that is full drops locks that are held; expected "
                             "noeviction");
}

void Examination::look_at_persistence() {
    if (info_field(info_, "aof_enabled") != "1") {
        const std::string save = config_value(client_, "save", deadline_).value_or("");
        warn("persistence",
             (save.empty() ? std::string("none") : "snapshots only (save " + save + ")") +
                 ": a server that restarts forgets locks that are held, and their "
                 "tokens; expected appendonly yes");
        return;
    }
    const std::optional<std::string> sync = config_value(client_, "appendfsync", deadline_);
    if (!sync)
        warn("persistence",
             "appendonly; the server does not tell its appendfsync, expected always");
    else if (*sync == "always")
        ok("persistence", "appendonly, synced always");
    else
        warn("persistence", "appendonly, synced " + *sync +
                                ": a crash of its machine forgets the last writes; expected "
                                "appendfsync always");
}

void Examination::look_at_replication() {
    const std::string replicas(info_field(info_, "connected_slaves"));
    if (options_.client.sentinel)
        warn("failover",
             "Sentinel: a new master may lack the last locks, so that neither exclusion "
             "nor fencing is claimed");
    if (number(replicas) == 0 && !options_.client.sentinel) return ok("replicas", "none");
    const std::string told = replicas + " connected";
    if (options_.wait_replicas > number(replicas))
        return fail("replicas", told + ", but wait_replicas asks for " +
                                    std::to_string(options_.wait_replicas) +
                                    ": no lock is granted");
    const std::optional<std::string> least =
        config_value(client_, "min-replicas-to-write", deadline_);
    if (!least)
        warn("replicas", told + "; the server does not tell its min-replicas-to-write");
    else if (*least == "0")
        warn("replicas", told +
                             ", min-replicas-to-write 0: a master that is cut off goes on "
                             "granting locks that its successor grants too");
    else
        ok("replicas", told + ", min-replicas-to-write " + *least);
}

}  // namespace conclave::redis
