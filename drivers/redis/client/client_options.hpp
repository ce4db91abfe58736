#pragma once

// What the client needs to know about its server. Values; filled in by the driver from its options.

#include <optional>
#include <string>
#include <vector>

#include "conclave/environment.hpp"

namespace conclave::redis {

/// For AUTH; an empty password sends none, an empty user is the server's default user.
struct Credentials {
    std::string user;
    std::string password;
};

/// Where the sentinels are that know the master of `master_name`.
struct SentinelOptions {
    std::string master_name;
    std::vector<Endpoint> sentinels;  ///< asked in this order, the last one that helped first
    Credentials credentials;
    std::optional<TlsOptions> tls;
};

struct ClientOptions {
    Endpoint server;  ///< not used when `sentinel` is set
    Credentials credentials;
    int database = 0;
    std::optional<TlsOptions> tls;
    std::optional<SentinelOptions> sentinel;
    Duration connect_timeout = std::chrono::seconds(30);  ///< bounds one attempt to connect
    Duration reply_timeout = std::chrono::seconds(30);    ///< bounds one attempt of a command
    Duration health_check_interval{};  ///< idle longer than this: PING first; 0 never
    bool retry_on_timeout = false;     ///< whether a command that is safe to repeat is repeated
    Duration lost_after = std::chrono::seconds(30);  ///< without contact: suspended becomes lost
};

}  // namespace conclave::redis
