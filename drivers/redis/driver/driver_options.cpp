#include "driver_options.hpp"

#include <algorithm>

#include "../../common/option_reader.hpp"
#include "conclave/error.hpp"

namespace conclave::redis {

using common::bad_option;
using common::OptionReader;
using common::parse_integer;

namespace {

constexpr std::uint16_t redis_port = 6379;
// An answer that takes longer than this part of a lease is of no use to it.
constexpr int attempts_per_ttl = 4;
constexpr int databases_max = 1'000'000;
constexpr int replicas_max = 1'000;

/// One set of files for whoever is reached by TLS.
struct Tls {
    TlsOptions options;
    bool to_servers = false;
    bool to_sentinels = false;
    std::optional<TlsOptions> if_wanted(bool wanted) const {
        return wanted ? std::optional(options) : std::nullopt;
    }
};

Tls tls_of(OptionReader& reader, const Url& url) {
    TlsOptions tls;
    tls.certificate_file = reader.text("ssl_certfile").value_or("");
    tls.key_file = reader.text("ssl_keyfile").value_or("");
    tls.ca_file = reader.text("ssl_ca_certs").value_or("");
    tls.verify = reader.boolean("ssl_verify", true);  // ours
    const bool to_servers = reader.boolean("ssl", url.scheme == "rediss");
    const bool to_sentinels = reader.boolean("sentinel_ssl", false);
    const bool detailed =
        !tls.certificate_file.empty() || !tls.key_file.empty() || !tls.ca_file.empty();
    if (!to_servers && !to_sentinels && detailed)
        bad_option("ssl", "false",
                   "true (or the scheme rediss, or sentinel_ssl=true), since a file for TLS is "
                   "given");
    if (tls.certificate_file.empty() != tls.key_file.empty())
        bad_option("ssl_certfile", tls.certificate_file, "ssl_certfile and ssl_keyfile together");
    return {std::move(tls), to_servers, to_sentinels};
}

Endpoint server_of(const Url& url) {
    if (url.host.empty()) {
        if (url.path.size() < 2)
            throw BadOption(
                "redis URL without a host: expected redis://host[:port] or "
                "redis:///path/to/socket");
        return {{}, 0, url.path};
    }
    // tooz drops such a path in silence; whoever writes /2 means a database.
    if (url.path.size() > 1)
        throw BadOption("redis URL with the path '" + url.path +
                        "' after its host: expected none; a database is chosen with ?db=N");
    return {url.host, url.port ? url.port : redis_port, {}};
}

Endpoint fallback_of(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0)
        bad_option("sentinel_fallback", text, "host:port");
    std::string host = text.substr(0, colon);
    if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    const int port = parse_integer("sentinel_fallback", text.substr(colon + 1), 1, 65535);
    return {std::move(host), static_cast<std::uint16_t>(port), {}};
}

std::optional<SentinelOptions> sentinel_of(OptionReader& reader, const ClientOptions& client,
                                           const Tls& tls) {
    const std::optional<std::string> master = reader.text("sentinel");
    SentinelOptions sentinel;
    sentinel.sentinels.push_back(client.server);
    for (const std::string& fallback : reader.list("sentinel_fallback"))
        sentinel.sentinels.push_back(fallback_of(fallback));
    sentinel.credentials.user = reader.text("sentinel_username").value_or("");
    sentinel.credentials.password = reader.text("sentinel_password").value_or("");
    sentinel.tls = tls.if_wanted(tls.to_sentinels);
    if (!master) {
        if (sentinel.sentinels.size() > 1)
            bad_option("sentinel_fallback", to_string(sentinel.sentinels[1]),
                       "the option sentinel=<master name> beside it");
        return std::nullopt;
    }
    if (!client.server.unix_path.empty())
        bad_option("sentinel", *master, "a URL with a host, the first sentinel's");
    sentinel.master_name = *master;
    return sentinel;
}

ClientOptions client_of(OptionReader& reader, const Url& url, Duration timeout,
                        Duration shortest_ttl) {
    ClientOptions client;
    client.server = server_of(url);
    client.credentials = {url.user, url.password};
    if (!url.user.empty() && url.password.empty())
        throw BadOption("redis URL with the user '" + url.user +
                        "' and no password: expected user:password@host");
    client.database = reader.integer("db", 0, databases_max, 0);
    const Tls tls = tls_of(reader, url);
    client.tls = tls.if_wanted(tls.to_servers);
    client.sentinel = sentinel_of(reader, client, tls);
    const Duration socket_timeout = reader.seconds("socket_timeout", timeout);
    client.reply_timeout = std::min(socket_timeout, shortest_ttl / attempts_per_ttl);
    client.connect_timeout = std::min(reader.seconds("socket_connect_timeout", socket_timeout),
                                      shortest_ttl / attempts_per_ttl);
    client.health_check_interval = reader.seconds("health_check_interval", Duration::zero(), true);
    client.retry_on_timeout = reader.boolean("retry_on_timeout", false);
    client.lost_after = shortest_ttl;
    return client;
}

// Options of tooz that have nothing to steer here are checked all the same.
void check_without_use(OptionReader& reader) {
    reader.word("executor", {"threaded", "thread", "threading", "synchronous", "sync"});
    reader.word("encoding", {"utf8", "utf-8", "UTF-8"});
    reader.boolean("socket_keepalive", false);
}

void read_layout(OptionReader& reader, DriverOptions& parsed) {
    parsed.layout = static_cast<Layout>(reader.word("layout", {"tooz", "conclave"}));
    const bool ours = parsed.layout == Layout::conclave;
    parsed.name_space = reader.text("namespace").value_or(ours ? "conclave" : "_tooz");
    parsed.lock_key = static_cast<LockKey>(reader.word("lock_key", {"new", "old", "old_text"}));
    parsed.mixed_peers = reader.word("peers", {"conclave", "mixed"}) == 1;
    if (ours && parsed.lock_key != LockKey::current)
        bad_option("lock_key", *reader.text("lock_key"), "none beside layout=conclave");
    if (ours && parsed.mixed_peers)
        bad_option("peers", "mixed", "layout=tooz beside it, the only one that tooz reads");
}

}  // namespace

DriverOptions parse_driver_options(const Url& url, const Options& options) {
    OptionReader reader(options);
    DriverOptions parsed;
    const Duration timeout = reader.seconds("timeout", std::chrono::seconds(30));
    parsed.membership_ttl = reader.seconds("membership_timeout", timeout);
    parsed.lock_ttl = reader.seconds("lock_timeout", timeout);
    read_layout(reader, parsed);
    parsed.push = reader.boolean("push", false);  // ours
    parsed.wait_replicas = reader.integer("wait_replicas", 0, replicas_max, 0);
    parsed.durable = static_cast<Declared>(reader.word("durability", {"ask", "always", "none"}));
    parsed.keeps_keys =
        static_cast<Declared>(reader.word("eviction", {"ask", "never", "possible"}));
    parsed.client =
        client_of(reader, url, timeout, std::min(parsed.lock_ttl, parsed.membership_ttl));
    check_without_use(reader);
    reader.refuse_others();
    return parsed;
}

}  // namespace conclave::redis
