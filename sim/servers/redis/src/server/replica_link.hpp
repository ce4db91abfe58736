#pragma once

// Replication as a replica sees it: one attempt to synchronise with the master and to follow its
// stream. Runs on a fiber of its own; ends when the connection or its generation does.

#include <memory>
#include <string>

#include "conclave/environment.hpp"
#include "engine/session.hpp"
#include "server/request_reader.hpp"

namespace conclave::servers::redis {

struct ServerState;

class ReplicaLink {
public:
    ReplicaLink(ServerState& server, std::uint64_t generation);
    ~ReplicaLink();

    /// Follows the master until the link breaks or another link takes over.
    void run();

private:
    bool current() const noexcept;
    bool connect();
    bool handshake();
    bool send(std::initializer_list<std::string_view> words);
    /// One line of the handshake; false when the link is broken.
    bool read_line(std::string& line);
    bool read_more(Deadline deadline);
    bool expect(std::initializer_list<std::string_view> words, std::string_view prefix);
    bool synchronise();
    bool load_snapshot(const std::string& id, std::int64_t offset);
    void continue_history(const std::string& id);
    void follow_stream();
    bool apply_stream();
    void pass_on();
    bool send_acknowledgement();

    ServerState& server_;
    std::uint64_t generation_;
    std::unique_ptr<Connection> connection_;
    std::string buffer_;   ///< received and not yet used
    std::string applied_;  ///< executed and not yet counted, logged and passed on
    RequestReader reader_;
    Session session_;
};

}  // namespace conclave::servers::redis
