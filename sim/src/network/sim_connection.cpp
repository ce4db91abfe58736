#include "sim_connection.hpp"

#include "../host_state.hpp"
#include "../process_state.hpp"
#include "conclave/assert.hpp"

namespace conclave::sim {

namespace {
constexpr std::string_view greeting = "\x16 simulated TLS\n";

/// Names the fiber that waits at `place` while it is parked, also when Killed ends its park.
class Waiting {
public:
    Waiting(detail::Fiber*& place, ProcessState& process) : place_(place) {
        CONCLAVE_ASSERT(!place, process.name);
        place = process.kernel.core.current();
    }
    ~Waiting() { place_ = nullptr; }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

private:
    detail::Fiber*& place_;
};

Wake wait_at(detail::Fiber*& place, ProcessState& process, Deadline deadline) {
    const Waiting waiting(place, process);
    return process.park(deadline);
}

IoStatus status_of(Wake wake) {
    return wake == Wake::timed_out ? IoStatus::timed_out : IoStatus::cancelled;
}
}  // namespace

SimConnection::SimConnection(ProcessState& process, Socket& socket)
    : process_(process), socket_(socket) {
    process_.kernel.tcp.add_reference(*socket_.connection);
}

SimConnection::~SimConnection() {
    close();
    process_.kernel.tcp.drop_reference(*socket_.connection);
}

void SimConnection::close() noexcept {
    if (closed_) return;
    closed_ = true;
    if (socket_.known()) process_.close(socket_);
}

IoResult SimConnection::read_some(std::span<char> buffer, Deadline deadline) {
    std::uint64_t ordinal;
    if (!process_.begin_call(ordinal)) return {IoStatus::closed};
    const IoResult result = read(buffer, deadline);
    process_.end_call(ordinal);
    return result;
}

IoResult SimConnection::write_all(std::string_view bytes, Deadline deadline) {
    std::uint64_t ordinal;
    if (!process_.begin_call(ordinal)) return {IoStatus::closed};
    const IoResult result = write(bytes, deadline);
    process_.end_call(ordinal);
    return result;
}

IoResult SimConnection::start_tls(const TlsOptions&, Deadline deadline) {
    std::uint64_t ordinal;
    if (!process_.begin_call(ordinal)) return {IoStatus::closed};
    const IoResult result = exchange_greetings(deadline);
    process_.end_call(ordinal);
    return result;
}

// Data that is already here goes before the deadline and before a cancellation, as it does for a
// socket that is tried before it is waited for; after a reset it can still be read. A stream that
// had ended before the reset stays a stream that has ended.
IoResult SimConnection::read(std::span<char> buffer, Deadline deadline) {
    CONCLAVE_ASSERT(!buffer.empty(), process_.name);
    const Flow& flow = *socket_.in;
    Wake wake = Wake::notified;
    for (;;) {
        if (closed_ || !socket_.known()) return {IoStatus::closed};
        if (process_.host.slow_readers == 0) {
            if (flow.arrived > flow.consumed)
                return {IoStatus::ok, process_.kernel.tcp.receive(socket_, buffer)};
            if (flow.finished) return {IoStatus::end_of_stream};
            if (socket_.broken) return {IoStatus::reset};
        }
        if (wake != Wake::notified) return {status_of(wake)};
        wake = wait_at(socket_.in->reader, process_, deadline);
    }
}

IoResult SimConnection::write(std::string_view bytes, Deadline deadline) {
    std::size_t sent = 0;
    Wake wake = Wake::notified;
    for (;;) {
        if (closed_ || !socket_.known()) return {IoStatus::closed, sent};
        if (socket_.broken) return {IoStatus::reset, sent};
        sent += process_.kernel.tcp.send(socket_, bytes.substr(sent));
        if (sent == bytes.size()) return {IoStatus::ok, sent};
        if (wake != Wake::notified) return {status_of(wake), sent};
        wake = wait_at(socket_.out->writer, process_, deadline);
    }
}

IoResult SimConnection::exchange_greetings(Deadline deadline) {
    if (const IoResult sent = write(greeting, deadline); !sent.ok()) return {sent.status};
    char answer[greeting.size()];
    std::size_t received = 0;
    while (received < greeting.size()) {
        const IoResult part = read(std::span(answer).subspan(received), deadline);
        if (part.status == IoStatus::end_of_stream) return {IoStatus::tls_failed};
        if (!part.ok()) return {part.status};
        received += part.bytes;
        if (std::string_view(answer, received) != greeting.substr(0, received))
            return {IoStatus::tls_failed};
    }
    return {IoStatus::ok};
}

IoStatus SimConnection::await_connected(Deadline deadline) {
    TcpConnection& connection = *socket_.connection;
    Wake wake = Wake::notified;
    for (;;) {
        if (connection.connected != IoStatus::ok) return connection.connected;
        if (socket_.state == Socket::State::open) return IoStatus::ok;
        if (wake != Wake::notified) return status_of(wake);
        wake = wait_at(connection.connector, process_, deadline);
    }
}

Connected SimListener::accept(Deadline deadline) {
    std::uint64_t ordinal;
    if (!process_.begin_call(ordinal)) return {IoStatus::closed, nullptr, {}};
    Connected result = take(deadline);
    process_.end_call(ordinal);
    return result;
}

Connected SimListener::take(Deadline deadline) {
    Wake wake = Wake::notified;
    for (;;) {
        if (state_->closed) return {IoStatus::closed, nullptr, {}};
        if (!state_->backlog.empty()) {
            Socket& socket = *state_->backlog.front();
            state_->backlog.pop();
            return {IoStatus::ok, std::make_unique<SimConnection>(process_, socket), {}};
        }
        if (wake != Wake::notified) return {status_of(wake), nullptr, {}};
        wake = wait_at(state_->acceptor, process_, deadline);
    }
}

void SimListener::close() noexcept {
    if (process_.alive) process_.kernel.tcp.close_listener(*state_);
}

}  // namespace conclave::sim
