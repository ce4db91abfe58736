#pragma once

// One connection and the fibers that serve it: a reader that executes commands and writes their
// replies, and, once others may push to it (a subscriber, a replica), a writer of its own.

#include <memory>

#include "conclave/environment.hpp"
#include "conclave/sync.hpp"
#include "engine/session.hpp"
#include "server/request_reader.hpp"

namespace conclave::servers::redis {

struct ServerState;

struct Client {
    Client(ServerState& the_server, std::unique_ptr<Connection> the_connection);
    ~Client();

    /// Reads and executes until the connection ends. The reader fiber's body.
    void serve(const std::shared_ptr<Client>& self);
    /// From now on output may be added at any time: a writer fiber sends it.
    void start_pushing(const std::shared_ptr<Client>& self);
    /// Tells the writer that there is output; closes a client that is too slow to take it.
    void output_added();
    void close() noexcept;

    ServerState& server;
    std::unique_ptr<Connection> connection;
    Session session;

private:
    /// Executes all complete requests; false when the connection must be closed.
    bool execute_requests(const std::shared_ptr<Client>& self);
    bool execute(const std::shared_ptr<Client>& self, Arguments arguments);
    /// Sends what has been replied; false when the connection is broken.
    bool flush();
    void write_pushed();

    RequestReader reader_;
    Latch output_ready_;
    bool pushing_ = false;
    bool closing_ = false;  ///< no request follows: close when all is sent
    bool closed_ = false;
    std::string writing_;
};

}  // namespace conclave::servers::redis
