#pragma once

// The environment: every door through which code reaches the world outside itself. Drivers, clients
// and simulated servers know only these interfaces; AsioRuntime implements them over the operating
// system and sim::Process over virtual time. All of it is single-threaded per Runtime: the one
// exception is Gate, which is how another thread gets in.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conclave/scheduler.hpp"
#include "conclave/time.hpp"

namespace conclave {

/// The process's own clock. Never blocks.
class Clock {
public:
    virtual ~Clock() = default;
    /// Time that never goes back and also runs while the host sleeps.
    virtual TimePoint now() const noexcept = 0;
};

/// Wall-clock time; may jump in either direction. Never blocks.
class WallClock {
public:
    virtual ~WallClock() = default;
    virtual WallTime now() const noexcept = 0;
};

/// Uniform random bits: the kernel's in production, a seeded stream per process in simulation.
class Random {
public:
    virtual ~Random() = default;
    virtual std::uint64_t next() noexcept = 0;
};

/// How an I/O operation ended. Everything but `ok` leaves the outcome of bytes in flight unknown.
enum class IoStatus : std::uint8_t {
    ok,
    end_of_stream,  ///< the peer finished sending
    timed_out,      ///< the deadline passed first
    cancelled,      ///< the calling fiber's task group was cancelled
    closed,         ///< this side had closed the connection or listener
    reset,          ///< the peer or the network broke the connection
    refused,        ///< nobody listens there
    unreachable,    ///< no route, or the name does not resolve
    address_in_use,
    tls_failed,     ///< handshake, certificate or record error
    failed,         ///< any other operating system error; see the detail text
};
std::string_view to_string(IoStatus status) noexcept;

/// `bytes` were moved before the operation ended with `status`.
struct IoResult {
    IoStatus status = IoStatus::ok;
    std::size_t bytes = 0;
    bool ok() const noexcept { return status == IoStatus::ok; }
    friend bool operator==(const IoResult&, const IoResult&) = default;
};

/// Where to connect or listen: a TCP host and port, or a unix socket path when `unix_path` is set.
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
    /// `ok` always carries 1..buffer.size() bytes.
    virtual IoResult read_some(std::span<char> buffer, Deadline deadline) = 0;
    /// Parks until all of `bytes` are accepted by the transport; accepted is not delivered.
    virtual IoResult write_all(std::string_view bytes, Deadline deadline) = 0;
    /// Turns this connection into a TLS client; before any byte of the inner protocol.
    virtual IoResult start_tls(const TlsOptions& options, Deadline deadline) = 0;
    /// Idempotent; never parks. With unread input the peer sees a reset, otherwise end of stream.
    /// A fiber parked on this connection wakes with `closed`.
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
    virtual Connected accept(Deadline deadline) = 0;
    /// The endpoint in force; port 0 has been replaced by the one chosen.
    virtual Endpoint endpoint() const = 0;
    virtual void close() noexcept = 0;
};

struct Listening {
    IoStatus status = IoStatus::ok;
    std::unique_ptr<Listener> listener;  ///< set exactly when status is ok
    std::string detail;
};

struct Resolved {
    IoStatus status = IoStatus::ok;
    std::vector<std::string> addresses;  ///< at least one when status is ok
};

class Network {
public:
    virtual ~Network() = default;
    /// Resolves and connects, trying every address of the name until `deadline`.
    virtual Connected connect(const Endpoint& endpoint, Deadline deadline) = 0;
    virtual Listening listen(const Endpoint& endpoint) = 0;
    virtual Resolved resolve(const std::string& host, Deadline deadline) = 0;
};

/// Something an operator may want to know. Texts are valid during the call only.
struct Event {
    enum class Severity : std::uint8_t { debug, info, warning, error };
    Severity severity = Severity::info;
    std::string_view component;  ///< e.g. "redis.client"
    std::string_view name;       ///< e.g. "reconnected"; stable, for filters
    std::string_view detail;
};

/// The door for logs and metrics. Called on the runtime's fibers: must not block or throw.
class Observer {
public:
    virtual ~Observer() = default;
    virtual void event(const Event& event) noexcept = 0;
};

/// The environment of one process. A view: whoever made the parts outlives every fiber on them.
struct Runtime {
    Clock& clock;
    WallClock& wall_clock;
    Scheduler& scheduler;
    Network& network;
    Random& random;
    Observer& observer;

    Deadline after(Duration length) const noexcept {
        return Deadline(saturating_add(clock.now(), length));
    }
};

}  // namespace conclave
