// How connections come to be, and how hosts forget them.

#include <algorithm>

#include "../host_state.hpp"
#include "../process_state.hpp"
#include "network_state.hpp"

namespace conclave::sim {

namespace {
// The argument of a handshake event: the step below, the number of attempts above.
enum Step : std::uint64_t { request, acceptance, refusal };
constexpr int attempt_shift = 8;

// Linux: tcp_syn_retries and TCP_TIMEOUT_INIT.
constexpr std::uint64_t retries_max = 6;
constexpr Duration retry_first = std::chrono::seconds(1);

constexpr std::uint64_t opened = 1;  // the b of a TraceKind::connection record
constexpr std::uint64_t was_refused = 4;
}  // namespace

HostState* NetworkState::find_host(const std::string& name) const {
    for (const auto& host : kernel_.hosts)
        if (host->name() == name) return &host->state();
    return nullptr;
}

Link& NetworkState::link(HostState& from, HostState& to) {
    if (from.links.size() <= to.index) from.links.resize(kernel_.hosts.size());
    std::unique_ptr<Link>& link = from.links[to.index];
    if (link) return *link;
    LinkOptions options = kernel_.options.link;
    const bool loopback = &from == &to;
    if (loopback) {
        options = LinkOptions{};
        options.latency_min = std::chrono::microseconds(10);
        options.latency_max = std::chrono::microseconds(30);
    }
    const Stream stream = kernel_.root.split("network").split(from.name).split(to.name);
    link = std::make_unique<Link>(options, stream, from, to);
    link->cuts = int{from.silent()} + int{!loopback && to.silent()};
    return *link;
}

TcpConnection& NetworkState::allocate() {
    if (free_.empty()) {
        connections_.push_back(std::make_unique<TcpConnection>());
        free_.push_back(connections_.back().get());
    }
    TcpConnection& connection = *free_.back();
    free_.pop_back();
    connection.id = next_connection_++;
    return connection;
}

void NetworkState::recycle(TcpConnection& connection) noexcept {
    detach_from_link(connection.requests);
    detach_from_link(connection.replies);
    connection.renew();
    connection.id = 0;  // whoever remembers it sees that it is another one
    free_.push_back(&connection);
}

void NetworkState::attach_to_link(Flow& flow, Link& link) noexcept {
    flow.link = &link;
    flow.link_next = link.flows;
    if (link.flows) link.flows->link_previous = &flow;
    link.flows = &flow;
}

void NetworkState::detach_from_link(Flow& flow) noexcept {
    (flow.link_previous ? flow.link_previous->link_next : flow.link->flows) = flow.link_next;
    if (flow.link_next) flow.link_next->link_previous = flow.link_previous;
}

void NetworkState::adopt(Socket& socket, ProcessState& process) {
    socket.owner = &process;
    socket.owner_next = process.sockets;
    if (process.sockets) process.sockets->owner_previous = &socket;
    process.sockets = &socket;
    add_reference(*socket.connection);
}

void NetworkState::detach(Socket& socket) noexcept {
    (socket.owner_previous ? socket.owner_previous->owner_next : socket.owner->sockets) =
        socket.owner_next;
    if (socket.owner_next) socket.owner_next->owner_previous = socket.owner_previous;
    drop_reference(*socket.connection);
}

TcpConnection& NetworkState::begin_connect(ProcessState& process, HostState& target,
                                           const Endpoint& endpoint) {
    TcpConnection& connection = allocate();
    connection.endpoint = endpoint;
    attach_to_link(connection.requests, link(process.host, target));
    attach_to_link(connection.replies, link(target, process.host));
    adopt(connection.client, process);
    schedule_handshake(connection, request, latency(*connection.requests.link));
    return connection;
}

void NetworkState::schedule_handshake(TcpConnection& connection, std::uint64_t step,
                                      Duration delay) {
    add_reference(connection);
    kernel_.events.push(kernel_.now + delay.count(), EventKind::handshake, &connection, step);
}

void NetworkState::shake_hands(TcpConnection& connection, std::uint64_t argument) {
    const std::uint64_t step = argument & ((1u << attempt_shift) - 1);
    const std::uint64_t attempt = argument >> attempt_shift;
    const Flow& flow = step == request ? connection.requests : connection.replies;
    if (connection.client.state != Socket::State::connecting || connection.client.broken) {
        // The client gave up meanwhile; what it left behind hears of it.
        if (step == acceptance && connection.server.usable())
            send_segment(connection.requests, SegmentKind::reset, connection.requests.written);
    } else if (flow.link->cuts > 0) {
        retry_handshake(connection, step, attempt);
    } else if (step == request) {
        receive_connect(connection, attempt);
    } else {
        finish_connect(connection, step == acceptance ? IoStatus::ok : IoStatus::refused);
    }
    drop_reference(connection);
}

void NetworkState::retry_handshake(TcpConnection& connection, std::uint64_t step,
                                   std::uint64_t attempt) {
    if (attempt == retries_max) return finish_connect(connection, IoStatus::unreachable);
    ++counters.retransmissions;
    schedule_handshake(connection, step | (attempt + 1) << attempt_shift, retry_first * (1 << attempt));
}

void NetworkState::receive_connect(TcpConnection& connection, std::uint64_t attempt) {
    HostState& host = connection.requests.link->to;
    ListenerState* const listener = find_listener(host, connection.endpoint);
    if (host.refusals > 0 || !listener) {
        ++counters.refused;
        return schedule_handshake(connection, refusal, latency(*connection.replies.link));
    }
    if (listener->backlog.size() == ListenerState::backlog_max)
        return retry_handshake(connection, request, attempt);
    ++counters.connections;
    adopt(connection.server, *listener->owner);
    connection.server.state = Socket::State::open;
    listener->backlog.push(&connection.server);
    if (listener->acceptor) wake(*listener->acceptor, Wake::notified);
    schedule_handshake(connection, acceptance, latency(*connection.replies.link));
}

void NetworkState::finish_connect(TcpConnection& connection, IoStatus status) {
    Socket& client = connection.client;
    kernel_.record(TraceKind::connection, client.owner->subject, connection.id,
                   status == IoStatus::ok ? opened : was_refused);
    connection.connected = status;
    if (status == IoStatus::ok) client.state = Socket::State::open;
    if (connection.connector) wake(*connection.connector, Wake::notified);
}

ListenerState* NetworkState::find_listener(HostState& host, const Endpoint& endpoint) {
    for (const auto& listener : host.listeners) {
        const Endpoint& at = listener->endpoint;
        if (at.unix_path != endpoint.unix_path) continue;
        if (!at.unix_path.empty() || at.port == endpoint.port) return listener.get();
    }
    return nullptr;
}

void NetworkState::close_listener(ListenerState& listener) noexcept {
    if (listener.closed) return;
    listener.closed = true;
    while (!listener.backlog.empty()) {
        abort(*listener.backlog.front());
        listener.backlog.pop();
    }
    if (listener.acceptor) wake(*listener.acceptor, Wake::notified);
    auto& listeners = listener.owner->host.listeners;
    listeners.erase(std::find_if(listeners.begin(), listeners.end(), [&](const auto& candidate) {
        return candidate.get() == &listener;
    }));
}

void NetworkState::close_process(ProcessState& process) {
    auto& listeners = process.host.listeners;
    if (process.power_lost)
        while (process.sockets) vanish(*process.sockets);
    for (std::size_t index = listeners.size(); index-- > 0;) {
        if (listeners[index]->owner != &process) continue;
        if (process.power_lost) listeners[index]->backlog.clear();
        close_listener(*listeners[index]);
    }
    while (process.sockets) close(*process.sockets);
}

}  // namespace conclave::sim
