#include "asio_connection.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "conclave/assert.hpp"

namespace conclave::detail {

AsioConnection::AsioConnection(AsioScheduler& scheduler, Observer& observer, int descriptor)
    : socket_(scheduler, descriptor), observer_(observer), sending_(socket_.scheduler()) {}

AsioConnection::~AsioConnection() { close(); }

IoResult AsioConnection::read_some(std::span<char> buffer, Deadline deadline) {
    CONCLAVE_ASSERT(!buffer.empty());
    return tls_ ? read_encrypted(buffer, deadline) : receive(buffer, deadline);
}

IoResult AsioConnection::write_all(std::string_view bytes, Deadline deadline) {
    return tls_ ? write_encrypted(bytes, deadline) : send(bytes, deadline);
}

IoStatus AsioConnection::failure(int error_number) noexcept {
    const IoStatus status = io_status(error_number);
    // EPIPE says nothing of the other direction: the peer may have ended that in order.
    if (status == IoStatus::reset && error_number != EPIPE) reset_ = true;
    return status;
}

IoResult AsioConnection::receive(std::span<char> buffer, Deadline deadline) {
    socket_.relax();
    const IoResult result = socket_.read(buffer, deadline);
    // Linux reports a reset once and an orderly end after it.
    reset_ = reset_ || result.status == IoStatus::reset;
    if (result.status == IoStatus::end_of_stream && reset_) return {IoStatus::reset, 0};
    return result;
}

IoResult AsioConnection::send(std::string_view bytes, Deadline deadline) {
    socket_.relax();
    std::size_t sent = 0;
    for (;;) {
        if (socket_.closed()) return {IoStatus::closed, sent};
        if (sent == bytes.size()) return {IoStatus::ok, sent};
        const ssize_t count = ::send(socket_.native(), bytes.data() + sent, bytes.size() - sent,
                                     MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count >= 0) {
            sent += static_cast<std::size_t>(count);
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return {failure(errno), sent};
        const IoStatus status = socket_.wait(Direction::write, deadline);
        if (status != IoStatus::ok) return {status, sent};
    }
}

IoResult AsioConnection::start_tls(const TlsOptions& options, Deadline deadline) {
    if (socket_.closed()) return {IoStatus::closed, 0};
    tls_ = std::make_unique<TlsSession>(options);
    const IoStatus status = tls_->error().empty() ? shake_hands(deadline) : IoStatus::tls_failed;
    if (status == IoStatus::tls_failed) report_tls_error();
    return {status, 0};
}

IoStatus AsioConnection::shake_hands(Deadline deadline) {
    for (;;) {
        const TlsSession::Step step = tls_->handshake();
        // Also after a failure: the peer is to learn why.
        const IoStatus flushed = flush(deadline).status;
        if (step == TlsSession::Step::failed) return IoStatus::tls_failed;
        if (flushed != IoStatus::ok) return flushed;
        if (step == TlsSession::Step::done) return IoStatus::ok;
        const IoStatus fetched = fetch(deadline);
        if (fetched == IoStatus::end_of_stream) return IoStatus::reset;
        if (fetched != IoStatus::ok) return fetched;
    }
}

IoResult AsioConnection::read_encrypted(std::span<char> buffer, Deadline deadline) {
    for (;;) {
        if (socket_.closed()) return {IoStatus::closed, 0};
        std::size_t bytes = 0;
        const TlsSession::Step step = tls_->read(buffer, bytes);
        if (step == TlsSession::Step::done) return {IoStatus::ok, bytes};
        if (step == TlsSession::Step::end_of_stream) return {IoStatus::end_of_stream, 0};
        if (step == TlsSession::Step::failed) {
            report_tls_error();
            return {IoStatus::tls_failed, 0};
        }
        if (const IoResult sent = flush(deadline); !sent.ok()) return {sent.status, 0};
        const IoStatus status = fetch(deadline);
        // Without the peer's farewell an attacker may have cut the stream short.
        if (status == IoStatus::end_of_stream) return {IoStatus::reset, 0};
        if (status != IoStatus::ok) return {status, 0};
    }
}

// A caller takes 0 bytes for "it had no effect", so of what was encrypted only that counts as not
// accepted which can never reach the peer.
IoResult AsioConnection::write_encrypted(std::string_view bytes, Deadline deadline) {
    if (socket_.closed()) return {IoStatus::closed, 0};
    if (broken_) return {IoStatus::reset, 0};
    if (tls_->write(bytes) != TlsSession::Step::done) {
        report_tls_error();
        return {IoStatus::tls_failed, 0};
    }
    const IoResult flushed = flush(deadline);
    return {flushed.status, flushed.ok() || flushed.bytes > 0 ? bytes.size() : 0};
}

IoResult AsioConnection::flush(Deadline deadline) {
    constexpr std::size_t unsure = 1;  // whoever flushed before, or flushes next, sends these too
    const Wake wake = sending_.lock(deadline);
    if (wake != Wake::notified)
        return {wake == Wake::cancelled ? IoStatus::cancelled : IoStatus::timed_out, unsure};
    const FiberMutexGuard guard(sending_);
    if (broken_) return {IoStatus::reset, unsure};
    const std::string bytes = tls_->take_output();
    if (bytes.empty()) return {IoStatus::ok, 0};
    const IoResult result = send(bytes, deadline);
    broken_ = !result.ok();
    return result;
}

IoStatus AsioConnection::fetch(Deadline deadline) {
    std::array<char, 8192> buffer;
    const IoResult result = receive(buffer, deadline);
    if (result.ok()) tls_->put_input({buffer.data(), result.bytes});
    return result.status;
}

void AsioConnection::report_tls_error() const {
    observer_.event({Event::Severity::error, "asio.tls", "failed", tls_->error()});
}

void AsioConnection::close() noexcept {
    if (socket_.closed()) return;
    if (tls_ && !broken_ && !sending_.locked()) {
        tls_->shut_down();
        const std::string farewell = tls_->take_output();
        if (!farewell.empty())
            ::send(socket_.native(), farewell.data(), farewell.size(),
                   MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    socket_.close();
}

}  // namespace conclave::detail
