// Bytes on their way: windows, segments, arrivals, and the ends of streams.

#include <algorithm>

#include "../host_state.hpp"
#include "../process_state.hpp"
#include "network_state.hpp"

namespace conclave::sim {

namespace {
constexpr int retransmissions_max = 8;

bool blocked(const Flow& flow) { return flow.link->cuts > 0 || flow.black_holes > 0; }

Flow& opposite(const Flow& flow) { return *flow.source->in; }

void wake_if_waiting(detail::Fiber* fiber) {
    if (fiber) wake(*fiber, Wake::notified);
}

/// For a kept trace: the bytes begin..end of `flow` were written, or became readable, at `here`.
void keep(Kernel& kernel, const Flow& flow, const Socket& here, std::uint64_t begin,
          std::uint64_t end, std::string_view text) {
    const Socket& there = &here == flow.source ? *flow.target : *flow.source;
    kernel.trace.add_transfer(
        {0, flow.connection->id, &flow == &flow.connection->replies, here.owner->subject,
         there.owner ? there.owner->subject : 0, begin, end,
         std::string(text.substr(0, TraceTransfer::text_bytes_max))});
}

enum class ConnectionStep : std::uint64_t { finish = 2, reset = 3 };

void record(Kernel& kernel, const Flow& flow, ConnectionStep step) {
    kernel.record(TraceKind::connection, flow.link->to.subject, flow.connection->id,
                  static_cast<std::uint64_t>(step));
}
}  // namespace

std::size_t NetworkState::send(Socket& socket, std::string_view bytes) {
    Flow& flow = *socket.out;
    if (loses(socket)) [[unlikely]] return bytes.size();
    const std::uint64_t room = window_bytes - (flow.written - flow.consumed);
    const std::uint64_t count = std::min<std::uint64_t>(room, bytes.size());
    if (count == 0) return 0;
    kernel_.record(TraceKind::message, socket.owner->subject,
                   Trace::hash_bytes(bytes.substr(0, count)), flow.connection->id << 32 | count);
    const std::uint64_t begin = flow.written;
    flow.written += count;
    if (kernel_.trace.kept()) [[unlikely]]
        keep(kernel_, flow, socket, begin, flow.written, bytes.substr(0, count));
    if (flow.dead) return count;
    flow.bytes.reserve(flow.consumed, begin, flow.written);
    flow.bytes.put(begin, bytes.substr(0, count));
    Link& link = *flow.link;
    if (link.options.segmentation > 0 && count > 1 &&
        link.stream.chance(link.options.segmentation)) {
        ++counters.segments_cut;
        send_segment(flow, SegmentKind::data, begin + 1 + link.stream.below(count - 1));
    }
    send_segment(flow, SegmentKind::data, flow.written);
    return count;
}

/// Whether a named fault takes these bytes, and the connection with them.
bool NetworkState::loses(Socket& socket) {
    TcpConnection& connection = *socket.connection;
    Flow& flow = *socket.out;
    if (flow.lose_reply) {
        flow.lose_reply = false;
        ++counters.replies_lost;
        kernel_.record_fault(FaultKind::reply_lost, flow.link->from.subject, connection.id);
        break_connection(connection);
        return true;
    }
    Link& link = *flow.link;
    if ((link.requests_to_lose | link.replies_to_lose) == 0 || &socket != &connection.client)
        return false;
    if (link.requests_to_lose > 0) {
        --link.requests_to_lose;
        ++counters.requests_lost;
        kernel_.record_fault(FaultKind::request_lost, link.from.subject, connection.id);
        break_connection(connection);
        return true;
    }
    --link.replies_to_lose;
    connection.replies.lose_reply = true;
    return false;
}

Duration NetworkState::latency(Link& link) {
    return link.stream.between(link.options.latency_min, link.options.latency_max) + link.extra;
}

std::int64_t NetworkState::arrival_time(Link& link, std::uint64_t bytes) {
    Duration delay = latency(link);
    if (link.options.loss > 0) {
        Duration wait = link.options.retransmission;
        for (int attempt = 0; attempt < retransmissions_max; ++attempt) {
            if (!link.stream.chance(link.options.loss)) break;
            ++counters.retransmissions;
            delay += wait;
            wait *= 2;
        }
    }
    std::int64_t departure = kernel_.now;
    if (link.options.bytes_per_second > 0) {
        constexpr std::uint64_t second = 1'000'000'000;
        link.busy_until = std::max(link.busy_until, kernel_.now) +
                          static_cast<std::int64_t>(bytes * second / link.options.bytes_per_second);
        departure = link.busy_until;
    }
    return departure + delay.count();
}

void NetworkState::send_segment(Flow& flow, SegmentKind kind, std::uint64_t end) {
    if (flow.dead) return;
    const std::uint64_t previous =
        flow.segments.empty() ? flow.arrived : flow.segments[flow.segments.size() - 1].end;
    const std::int64_t arrival =
        std::max(arrival_time(*flow.link, end - previous), flow.last_arrival);
    flow.last_arrival = arrival;
    flow.segments.push({arrival, end, kind});
    if (flow.segments.size() > 1) return;
    add_reference(*flow.connection);
    if (blocked(flow))
        flow.stalled = true;
    else
        schedule_delivery(flow);
}

void NetworkState::schedule_delivery(Flow& flow) {
    flow.delivery =
        kernel_.events.push(flow.segments.front().arrival, EventKind::delivery, &flow);
}

void NetworkState::deliver(Flow& flow) {
    flow.delivery = 0;
    if (blocked(flow)) {
        flow.stalled = true;
        return;
    }
    while (!flow.segments.empty() && flow.segments.front().arrival <= kernel_.now) {
        const Segment segment = flow.segments.front();
        flow.segments.pop();
        arrive(flow, segment);
    }
    if (flow.segments.empty())
        drop_reference(*flow.connection);
    else
        schedule_delivery(flow);
}

void NetworkState::arrive(Flow& flow, const Segment& segment) {
    Socket& target = *flow.target;
    if (segment.kind == SegmentKind::data) return arrive_data(flow, segment);
    if (segment.kind == SegmentKind::reset) return break_socket(target);
    if (target.state == Socket::State::vanished) return reject(flow);
    record(kernel_, flow, ConnectionStep::finish);
    flow.finished = true;
    wake_if_waiting(flow.reader);
}

void NetworkState::arrive_data(Flow& flow, const Segment& segment) {
    const std::uint64_t begin = flow.arrived;
    const std::uint64_t count = segment.end - begin;
    flow.arrived = segment.end;
    if (!flow.target->known()) {
        flow.consumed = flow.arrived;
        return reject(flow);
    }
    ++counters.messages_delivered;
    counters.bytes_delivered += count;
    kernel_.record(TraceKind::delivery, flow.link->to.subject, flow.connection->id, count);
    if (kernel_.trace.kept()) [[unlikely]]
        keep(kernel_, flow, *flow.target, begin, segment.end, {});
    wake_if_waiting(flow.reader);
}

/// Nobody is there any more: the sender hears of it.
void NetworkState::reject(Flow& flow) {
    Flow& back = opposite(flow);
    if (flow.source->usable()) send_segment(back, SegmentKind::reset, back.written);
}

std::size_t NetworkState::receive(Socket& socket, std::span<char> buffer) {
    Flow& flow = *socket.in;
    std::uint64_t count = std::min<std::uint64_t>(flow.arrived - flow.consumed, buffer.size());
    Link& link = *flow.link;
    if (link.options.segmentation > 0 && count > 1 &&
        link.stream.chance(link.options.segmentation)) {
        ++counters.segments_cut;
        count = 1 + link.stream.below(count - 1);
    }
    flow.bytes.get(flow.consumed, buffer.first(count));
    flow.consumed += count;
    if (flow.writer) schedule_window_update(flow);
    return count;
}

/// The writer hears of room when there is a fair amount of it, not of every byte.
void NetworkState::schedule_window_update(Flow& flow) {
    const std::uint64_t room = window_bytes - (flow.written - flow.consumed);
    if (flow.window_update != 0 || flow.window_stalled || room < window_bytes / 4) return;
    add_reference(*flow.connection);
    const std::int64_t arrival = kernel_.now + latency(*opposite(flow).link).count();
    flow.window_update = kernel_.events.push(arrival, EventKind::window_update, &flow);
}

void NetworkState::update_window(Flow& flow) {
    flow.window_update = 0;
    if (blocked(opposite(flow)) || opposite(flow).dead)
        flow.window_stalled = true;
    else
        wake_if_waiting(flow.writer);
    drop_reference(*flow.connection);
}

void NetworkState::revive(Flow& flow) {
    if (blocked(flow)) return;
    if (flow.stalled) {
        flow.stalled = false;
        const Duration pause = flow.link->stream.between({}, flow.link->options.retransmission);
        Segment& first = flow.segments.front();
        first.arrival =
            std::max(first.arrival, kernel_.now + (latency(*flow.link) + pause).count());
        flow.last_arrival = std::max(flow.last_arrival, first.arrival);
        schedule_delivery(flow);
    }
    Flow& back = opposite(flow);
    if (!back.window_stalled) return;
    back.window_stalled = false;
    schedule_window_update(back);
}

void NetworkState::close(Socket& socket) noexcept {
    const bool unread = socket.in->arrived > socket.in->consumed;
    shut(socket, unread ? SegmentKind::reset : SegmentKind::finish);
}

void NetworkState::abort(Socket& socket) noexcept { shut(socket, SegmentKind::reset); }

void NetworkState::shut(Socket& socket, SegmentKind farewell) {
    if (!socket.known()) return;
    if (socket.usable()) send_segment(*socket.out, farewell, socket.out->written);
    socket.state = Socket::State::closed;
    socket.in->consumed = socket.in->arrived;
    wake_waiting(socket);
    detach(socket);
}

void NetworkState::vanish(Socket& socket) {
    discard_segments(*socket.out);
    socket.state = Socket::State::vanished;
    socket.in->consumed = socket.in->arrived;
    detach(socket);
}

void NetworkState::break_socket(Socket& socket) {
    if (!socket.known() || socket.broken) return;
    record(kernel_, *socket.in, ConnectionStep::reset);
    ++counters.resets;
    socket.broken = true;
    if (socket.state == Socket::State::connecting)
        socket.connection->connected = IoStatus::reset;
    wake_waiting(socket);
}

void NetworkState::break_connection(TcpConnection& connection) {
    add_reference(connection);
    for (Flow* flow : {&connection.requests, &connection.replies}) discard_segments(*flow);
    for (Socket* socket : {&connection.client, &connection.server}) break_socket(*socket);
    drop_reference(connection);
}

void NetworkState::discard_segments(Flow& flow) noexcept {
    if (flow.segments.empty()) return;
    flow.segments.clear();
    flow.stalled = false;
    if (flow.delivery != 0) kernel_.events.cancel(flow.delivery);
    flow.delivery = 0;
    drop_reference(*flow.connection);
}

void NetworkState::wake_waiting(Socket& socket) {
    wake_if_waiting(socket.in->reader);
    wake_if_waiting(socket.out->writer);
    if (socket.state == Socket::State::connecting || !socket.known())
        if (&socket == &socket.connection->client) wake_if_waiting(socket.connection->connector);
}

}  // namespace conclave::sim
