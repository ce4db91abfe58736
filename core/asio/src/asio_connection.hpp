#pragma once

// A connected stream socket, plain or TLS. An operation first tries the system call and waits only
// when the kernel has nothing to give: the usual read or write costs one call.

#include <memory>

#include "asio_descriptor.hpp"
#include "conclave/sync.hpp"
#include "tls_session.hpp"

namespace conclave::detail {

class AsioConnection final : public Connection {
public:
    AsioConnection(AsioScheduler& scheduler, Observer& observer, int descriptor);
    ~AsioConnection() override;

    IoResult read_some(std::span<char> buffer, Deadline deadline) override;
    IoResult write_all(std::string_view bytes, Deadline deadline) override;
    IoResult start_tls(const TlsOptions& options, Deadline deadline) override;
    void close() noexcept override;

    /// Parks until a connect in progress has succeeded or failed.
    IoStatus wait_connected(Deadline deadline) { return socket_.wait(Direction::write, deadline); }
    void forget_writing() { socket_.forget_writing(); }

private:
    IoResult receive(std::span<char> buffer, Deadline deadline);
    IoResult send(std::string_view bytes, Deadline deadline);
    IoStatus failure(int error_number) noexcept;
    IoResult read_encrypted(std::span<char> buffer, Deadline deadline);
    IoResult write_encrypted(std::string_view bytes, Deadline deadline);
    /// Sends what is encrypted. Its `bytes` are 0 only when nothing was sent and nothing will be.
    IoResult flush(Deadline deadline);
    IoStatus fetch(Deadline deadline);
    IoStatus shake_hands(Deadline deadline);
    void report_tls_error() const;

    AsioDescriptor socket_;
    Observer& observer_;
    FiberMutex sending_;  ///< a TLS reader may have to send, too
    std::unique_ptr<TlsSession> tls_;
    bool broken_ = false;  ///< part of a record was sent: the stream cannot go on
    /// A reset was reported. Linux reports it once, to whoever asks first, and from then on pretends
    /// to a reader that the stream had ended in order.
    bool reset_ = false;
};

}  // namespace conclave::detail
