#pragma once

// What tooz has under it: redis-py, as far as it shows. A pool of connections; each request is sent
// once, on a connection that is not known to be closed, and what fails is the caller's affair.
// Different from redis-py: a sentinel is asked for the master's address, not for all masters.
// Source: redis-py 4.3.4 connection.py ConnectionPool.get_connection; client.py Pipeline;
// sentinel.py SentinelManagedConnection.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "conclave/codec/redis_scripts.hpp"
#include "conclave/codec/resp.hpp"
#include "conclave/environment.hpp"
#include "conclave/error.hpp"

namespace conclave::tooz {

struct RedisPlace {
    Endpoint server;                  ///< or the first sentinel
    std::string master_name;          ///< empty: no Sentinel
    std::vector<Endpoint> sentinels;  ///< asked in this order
    Duration socket_timeout{};        ///< of connecting, and of waiting for a reply
};

using Words = std::vector<std::string>;  ///< one command

class PythonRedis {
public:
    PythonRedis(Runtime& runtime, RedisPlace place);
    ~PythonRedis();

    /// Errors: no effect - Error (the server refused), and as long as nothing was sent, or with
    /// `lost` when it was: ConnectionError, OperationTimedOut, Cancelled
    resp::Reply call(const Words& words, Effect lost, Deadline deadline);
    /// By its digest, and whole when the server does not know it.
    resp::Reply run(const redis::scripts::Script& script, const Words& keys, const Words& arguments,
                    Deadline deadline);
    void disconnect() noexcept;

private:
    friend class Pipeline;
    struct Link;
    std::unique_ptr<Link> take(Deadline deadline);
    std::unique_ptr<Link> connect(const Endpoint& endpoint, Deadline deadline);
    Endpoint master(Deadline deadline);
    Deadline bounded(Deadline deadline) const;

    Runtime& runtime_;
    const RedisPlace place_;
    std::vector<std::unique_ptr<Link>> idle_;
};

/// Several requests on one connection.
class Pipeline {
public:
    Pipeline(PythonRedis& redis, Deadline deadline);
    ~Pipeline();
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;

    /// Errors: as PythonRedis::call().
    resp::Reply ask(const Words& words, Effect lost = Effect::none);
    /// In one write; the reply to the last. Errors: as PythonRedis::call(), unknown once sent.
    resp::Reply ask_all(std::span<const Words> commands);

private:
    void send(std::span<const Words> commands);
    resp::Reply receive(Effect lost);

    PythonRedis& redis_;
    const Deadline deadline_;
    std::unique_ptr<PythonRedis::Link> link_;
    bool whole_ = true;  ///< every reply has been read
};

}  // namespace conclave::tooz
