#pragma once

// A TLS client over a byte stream: OpenSSL between two memory buffers. It owns no socket and never
// waits; whoever drives it moves bytes between it and the wire. Single-threaded.

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "conclave/environment.hpp"

namespace conclave::detail {

class TlsSession {
public:
    enum class Step : std::uint8_t { done, need_input, end_of_stream, failed };

    /// Check error() before anything else: files may be missing or malformed.
    explicit TlsSession(const TlsOptions& options);
    ~TlsSession();
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;

    /// Why the session cannot go on; empty when it can.
    const std::string& error() const noexcept { return error_; }

    Step handshake();
    Step read(std::span<char> buffer, std::size_t& bytes);
    Step write(std::string_view bytes);
    /// Queues the farewell.
    void shut_down() noexcept;

    void put_input(std::string_view encrypted);
    /// Everything to be sent so far; empties the queue.
    std::string take_output();

private:
    struct Handles;
    void configure(const TlsOptions& options);
    void verify_peer(const TlsOptions& options);
    Step judge(int result);
    bool check(bool good, std::string_view what);

    std::unique_ptr<Handles> handles_;
    std::string error_;
};

}  // namespace conclave::detail
