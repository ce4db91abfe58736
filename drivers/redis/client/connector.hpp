#pragma once

// Opens connections that are ready for commands: connected, encrypted, authenticated, in the right
// database and, with Sentinel, on the server that says that it is the master.
// Source: redis.io "Guidelines for Redis clients with support for Redis Sentinel".

#include <memory>
#include <optional>
#include <string>

#include "client_options.hpp"
#include "wire.hpp"

namespace conclave::redis {

/// A ready connection, or why there is none; the effect of such a failure is none.
struct Opened {
    std::unique_ptr<Wire> wire;
    std::optional<Failure> failure;
};

class Connector {
public:
    Connector(Runtime& runtime, const ClientOptions& options)
        : runtime_(runtime), options_(options) {}

    /// One attempt, bounded by `deadline` and by the connect timeout for each connection.
    Opened open(Deadline deadline);

private:
    struct Discovered {
        Endpoint master;
        std::optional<Failure> failure;
    };
    struct Login {
        const Credentials& credentials;
        const std::optional<TlsOptions>& tls;
        int database = 0;
    };

    Opened open_master(Deadline deadline);
    Opened open_if_master(const Endpoint& endpoint, Deadline deadline);
    Discovered ask_sentinel(const Endpoint& sentinel, Deadline deadline);
    Opened log_in(const Endpoint& endpoint, const Login& login, Deadline deadline);
    Opened connect(const Endpoint& endpoint, const std::optional<TlsOptions>& tls,
                   Deadline deadline);
    Deadline share(Deadline deadline, std::size_t parts) const;

    Runtime& runtime_;
    const ClientOptions& options_;
    std::size_t first_sentinel_ = 0;  ///< the one that helped last
};

}  // namespace conclave::redis
