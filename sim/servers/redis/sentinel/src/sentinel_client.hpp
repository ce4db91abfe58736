#pragma once

// One connection to a sentinel, of a client or of a peer. Its reader executes requests; its writer
// alone writes, so that a message never falls into the middle of a reply, nor a second writer
// beside one that waits for a slow reader. Single-threaded per Runtime.

#include <memory>

#include "conclave/environment.hpp"
#include "conclave/sync.hpp"
#include "engine/session.hpp"
#include "server/request_reader.hpp"
#include "state.hpp"

namespace conclave::servers::redis {

class SentinelClient {
public:
    SentinelClient(Sentinel::State& sentinel, std::unique_ptr<Connection> connection);
    ~SentinelClient();
    SentinelClient(const SentinelClient&) = delete;
    SentinelClient& operator=(const SentinelClient&) = delete;

    /// Executes requests until the connection ends. The reader fiber's body.
    void read();
    /// Sends what was added. The writer fiber's body; ends after close().
    void write();
    /// Messages were added: sends them, or closes a client that has taken none for too long.
    void output_added() noexcept;
    void close() noexcept;

private:
    /// Executes all complete requests; false when the connection must be closed.
    bool execute_requests();

    Sentinel::State& sentinel_;
    std::unique_ptr<Connection> connection_;
    Session session_;
    RequestReader reader_;
    Latch output_ready_;
    Latch output_taken_;    ///< the writer has nothing left that was added before
    bool closing_ = false;  ///< no request follows: close when all is sent
    bool closed_ = false;
};

}  // namespace conclave::servers::redis
