#pragma once

// Connections, listeners and names: the door to the network, over TCP and unix sockets. Part of
// environment.hpp. Single-threaded per Runtime. Three rules hold for every operation that may park:
//
// - What needs no waiting is done, whatever the deadline says and although the group is cancelled;
//   only an operation that would have to wait ends with timed_out or cancelled.
// - An operation that ends like that has lost nothing: a read has taken no byte, a write has had
//   `bytes` accepted, an accept has taken nobody, and the next one goes on there.
// - closed, reset and end_of_stream are final: asked again, the operation says the same until
//   close().

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conclave/time.hpp"

namespace conclave {

/// How an I/O operation ended. Everything but `ok` leaves the outcome of bytes in flight unknown.
enum class IoStatus : std::uint8_t {
    ok,
    end_of_stream,  ///< the peer finished sending
    timed_out,      ///< the deadline passed first
    cancelled,      ///< the calling fiber's task group was cancelled
    closed,         ///< this side had closed the connection or listener
    reset,          ///< the peer or the network broke the connection
    refused,        ///< nobody listens there
    unreachable,    ///< no route, no answer at all, or the name does not resolve
    address_in_use,
    tls_failed,  ///< handshake, certificate or record error
    failed,      ///< any other operating system error; see the detail text
};
std::string_view to_string(IoStatus status) noexcept;

/// `bytes` were moved before the operation ended with `status`.
struct IoResult {
    IoStatus status = IoStatus::ok;
    std::size_t bytes = 0;
    bool ok() const noexcept { return status == IoStatus::ok; }
    friend bool operator==(const IoResult&, const IoResult&) = default;
};

/// Where to connect or listen: a TCP host and port, or a unix socket's path (at most 107 bytes),
/// which when set is all that counts.
struct Endpoint {
    std::string host;
    std::uint16_t port = 0;
    std::string unix_path;
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
    friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};
std::string to_string(const Endpoint& endpoint);

/// What start_tls() needs; empty paths mean "the system's default".
struct TlsOptions {
    std::string server_name;       ///< for SNI and the host name check
    std::string ca_file;           ///< PEM bundle to trust instead of the system's
    std::string certificate_file;  ///< client certificate, PEM
    std::string key_file;          ///< its private key, PEM
    bool verify = true;            ///< false accepts any certificate
};

/// An ordered byte stream. At most one reading and one writing fiber at a time.
class Connection {
public:
    virtual ~Connection() = default;
    /// Parks until at least one byte is there, the stream ends or `deadline` passes.
    /// `ok` always carries 1..buffer.size() bytes. Requires: `buffer` is not empty.
    ///
    /// Bytes that arrived before the end of the stream or before a reset come first. A stream that
    /// broke never looks like one that ended: a reset stays one for the reader though the writer
    /// heard of it first, and end_of_stream stays the end though a later write is answered by
    /// reset.
    virtual IoResult read_some(std::span<char> buffer, Deadline deadline) = 0;
    /// Parks until all of `bytes` are accepted by the transport; accepted is not delivered. With
    /// another status `bytes` of the result tells how many were accepted.
    ///
    /// After the peer closed, bytes may still be accepted until its answer, reset, has come.
    virtual IoResult write_all(std::string_view bytes, Deadline deadline) = 0;
    /// Turns this connection into a TLS client; before any byte of the inner protocol. From then on
    /// a write that does not end with ok breaks the connection, since half a record cannot be taken
    /// back: `bytes` is 0 only when the peer will see none of them, and every later write says
    /// reset.
    virtual IoResult start_tls(const TlsOptions& options, Deadline deadline) = 0;
    /// Idempotent; never parks; the destructor does the same. With unread input the peer sees a
    /// reset, otherwise end of stream after all that was accepted. Fibers parked on this connection
    /// wake with `closed`, which is also what every later operation returns.
    virtual void close() noexcept = 0;
};

struct Connected {
    IoStatus status = IoStatus::ok;
    std::unique_ptr<Connection> connection;  ///< set exactly when status is ok
    std::string detail;                      ///< the operating system's words, may be empty
};

/// A listening endpoint. One accepting fiber at a time.
class Listener {
public:
    virtual ~Listener() = default;
    /// Parks until somebody has connected. Clients need not wait for it: they connect, and write,
    /// before they are accepted.
    virtual Connected accept(Deadline deadline) = 0;
    /// The endpoint in force, also after close(); port 0 has been replaced by the one chosen.
    virtual Endpoint endpoint() const = 0;
    /// Idempotent; never parks; the destructor does the same. Frees the endpoint, resets those that
    /// were not accepted yet and wakes the accepting fiber with `closed`. Connections that were
    /// accepted live on.
    virtual void close() noexcept = 0;
};

struct Listening {
    IoStatus status = IoStatus::ok;
    std::unique_ptr<Listener> listener;  ///< set exactly when status is ok
    std::string detail;
};

struct Resolved {
    IoStatus status = IoStatus::ok;
    std::vector<std::string> addresses;  ///< at least one exactly when status is ok
};

class Network {
public:
    virtual ~Network() = default;
    /// Resolves and connects, trying every address of the name until `deadline`. Parks, too, while
    /// the listener has no room for more clients that it has not accepted.
    ///
    /// Errors: refused     - nobody listens there, or there is no such unix socket
    ///         unreachable - the host is empty or does not resolve, no route, no answer
    ///         failed      - the path is too long, and what else the system says
    virtual Connected connect(const Endpoint& endpoint, Deadline deadline) = 0;
    /// Parks only when the host is a name; an empty host means every address of this machine.
    ///
    /// Errors: address_in_use - somebody listens there
    ///         unreachable    - the name does not resolve
    ///         failed         - not an address of this machine, the path is too long
    virtual Listening listen(const Endpoint& endpoint) = 0;
    /// The addresses of a name, each good as the host of an Endpoint; unreachable when there are
    /// none.
    virtual Resolved resolve(const std::string& host, Deadline deadline) = 0;
};

}  // namespace conclave
