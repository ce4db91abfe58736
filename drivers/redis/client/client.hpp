#pragma once

// The Redis client: one connection, kept open, and used by one request at a time. The driver owns
// it. Any fiber of its runtime may call it; requests are served first come first served.
//
// A request that is cancelled or times out costs the connection, since its late reply would be
// taken for the next request's. Nothing in Redis is bound to a connection, so a new one carries on;
// `incarnation` says which one answered.

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "client_options.hpp"
#include "conclave/codec/redis_scripts.hpp"
#include "conclave/codec/resp.hpp"
#include "conclave/environment.hpp"
#include "conclave/sync.hpp"
#include "connector.hpp"
#include "server_error.hpp"

namespace conclave::redis {

/// Whether a request may be sent again although an earlier attempt may have been executed.
struct Repeat {
    Duration within{};  ///< after the first attempt
    static const Repeat never;
    static const Repeat safe;  ///< doing it twice is doing it once
    /// The same, but what it does lapses after `ttl`: to do it again after that is doing it twice.
    static constexpr Repeat until_lapsed(Duration ttl) { return {ttl}; }
};
inline constexpr Repeat Repeat::never{Duration::zero()};
inline constexpr Repeat Repeat::safe{Duration::max()};

enum class ConnectionState : std::uint8_t {
    connected,
    suspended,  ///< the connection broke; the next request opens another
    lost,       ///< no contact for `lost_after`, or closed: what had a time-out has lapsed
};
std::string_view to_string(ConnectionState state) noexcept;

/// One command as it is sent.
struct Request {
    std::string name;   ///< in messages
    std::string bytes;  ///< encoded
    Repeat repeat = Repeat::never;
    Asked asked = Asked::command;
    std::uint64_t only_on = 0;  ///< fails when this incarnation has ended; 0 any
};
Request command(std::initializer_list<std::string_view> arguments, Repeat repeat);

struct Answer {
    resp::Reply reply;              ///< never an error
    TimePoint sent_at;              ///< just before the attempt that was answered
    std::uint64_t incarnation = 0;  ///< the connection that answered
    bool repeated = false;          ///< an earlier attempt may have been executed too
};

class Client {
public:
    Client(Runtime& runtime, ClientOptions options);

    /// Allows requests; the first one connects.
    void open() noexcept;
    /// Closes until open(); requests in flight fail. Never parks.
    void close() noexcept;

    /// Sends `request` and parks for its answer, at most until `deadline`; connects when needed.
    /// Errors: no effect - Error (the server refused), ConnectionError (could not connect);
    /// unknown - ConnectionError, OperationTimedOut, Cancelled after it had been sent.
    Answer call(const Request& request, Deadline deadline);
    /// The same for a script: by its digest, and whole when the server does not know it.
    Answer run(const scripts::Script& script, std::span<const std::string> keys,
               std::span<const std::string> arguments, Repeat repeat, Deadline deadline);

    ConnectionState state() const noexcept { return state_; }
    std::uint64_t incarnation() const noexcept { return incarnation_; }

private:
    struct Attempt {
        Answer answer;
        std::optional<Failure> failure;
    };

    /// Sends nothing at or after `latest`.
    Attempt attempt(const Request& request, TimePoint latest, Deadline deadline);
    std::optional<Failure> make_ready(const Request& request, Deadline deadline);
    std::optional<Failure> wait_out_backoff(Deadline deadline);
    void check_health(Deadline deadline);
    std::optional<Failure> connect(Deadline deadline);
    bool may_repeat(const Request& request, const Failure& failure, Deadline deadline) const;
    void back_off();
    void drop(const Failure& why);
    void enter(ConnectionState state, const std::string& detail);
    Deadline bounded(Deadline deadline) const;

    Runtime& runtime_;
    ClientOptions options_;
    Connector connector_;
    FiberMutex turn_;
    std::unique_ptr<Wire> wire_;
    ConnectionState state_ = ConnectionState::lost;
    bool closed_ = true;
    std::uint64_t incarnation_ = 0;
    TimePoint last_contact_;
    int failures_ = 0;      ///< in a row
    TimePoint not_before_;  ///< of the next attempt, while failures_ is not 0
    Failure last_failure_;  ///< without a text when all is well
};

}  // namespace conclave::redis
