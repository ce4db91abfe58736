#pragma once

// One open connection that speaks RESP: a request, then its reply. The client owns one at a time.
// A failed exchange leaves it unusable: a late reply would be taken for the next request's.

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "conclave/environment.hpp"
#include "failure.hpp"

namespace conclave::redis {

class Wire {
public:
    /// `peer` names the other side in messages.
    Wire(std::unique_ptr<Connection> connection, std::string peer)
        : connection_(std::move(connection)), peer_(std::move(peer)) {}

    /// Sends `request` and parks until its reply is complete, at most until `deadline`. `name` is
    /// the command in messages. The failure's effect is none when no byte was sent.
    Exchange exchange(std::string_view request, std::string_view name, Deadline deadline);
    /// The first half of an exchange.
    std::optional<Failure> send(std::string_view request, std::string_view name, Deadline deadline);
    /// What the server sends next, and nothing of what may follow: for a server that pushes. One
    /// fiber may receive while another sends; timed out, it has lost nothing, and may be called
    /// again.
    Exchange receive(std::string_view name, Deadline deadline);
    const std::string& peer() const noexcept { return peer_; }
    /// A reply that could not be understood, which says `what` about it.
    Failure nonsense(std::string_view name, const std::string& what) const;
    /// Never parks; a fiber in exchange() wakes with a failure.
    void close() noexcept { connection_->close(); }

private:
    Failure failure(const IoResult& result, Effect effect, const std::string& doing) const;

    static constexpr std::size_t read_bytes = 16 * 1024;
    std::unique_ptr<Connection> connection_;
    std::string peer_;
    resp::Reader reader_;
    std::array<char, read_bytes> buffer_;
};

}  // namespace conclave::redis
