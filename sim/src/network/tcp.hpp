#pragma once

// A simulated TCP connection: two sockets and one flow of bytes in each direction. It is kept by the
// kernel, not by the processes: it goes on when they stand still and outlives them when they die.

#include <cstdint>
#include <utility>

#include "../event_queue.hpp"
#include "conclave/environment.hpp"
#include "conclave/fiber.hpp"
#include "ring.hpp"

namespace conclave::sim {

struct Flow;
struct Link;
struct ProcessState;
struct TcpConnection;

enum class SegmentKind : std::uint8_t { data, finish, reset };

struct Segment {
    std::int64_t arrival = 0;
    std::uint64_t end = 0;  ///< offset in the stream after its last byte
    SegmentKind kind = SegmentKind::data;
};

struct Socket {
    enum class State : std::uint8_t {
        connecting,
        open,
        closed,    ///< by its process, or by the kernel after its process died
        vanished,  ///< with its host's power: nothing was sent
    };
    bool usable() const noexcept { return state == State::open && !broken; }
    /// Whether it is still known to its host's kernel.
    bool known() const noexcept { return state == State::connecting || state == State::open; }

    TcpConnection* connection = nullptr;
    Flow* in = nullptr;
    Flow* out = nullptr;
    ProcessState* owner = nullptr;
    Socket* owner_previous = nullptr;
    Socket* owner_next = nullptr;
    State state = State::connecting;
    bool broken = false;  ///< a reset arrived
};

/// One direction. The ring holds the bytes consumed..written, those up to `arrived` are readable.
struct Flow {
    TcpConnection* connection = nullptr;
    Link* link = nullptr;
    Socket* source = nullptr;
    Socket* target = nullptr;
    ByteRing bytes;
    std::uint64_t written = 0;
    std::uint64_t arrived = 0;
    std::uint64_t consumed = 0;
    RingQueue<Segment> segments;  ///< on their way, in order
    std::int64_t last_arrival = 0;
    EventQueue::Handle delivery = 0;  ///< pending for the first segment
    EventQueue::Handle window_update = 0;
    detail::Fiber* reader = nullptr;
    detail::Fiber* writer = nullptr;  ///< waiting for room in the window
    int black_holes = 0;
    bool stalled = false;    ///< segments wait for a heal
    bool window_stalled = false;  ///< so does the news of room for the writer
    bool dead = false;       ///< half-open: swallows everything for good
    bool finished = false;   ///< the end of the stream has arrived
    bool lose_reply = false; ///< what is written next is lost and breaks the connection
    Flow* link_previous = nullptr;
    Flow* link_next = nullptr;
};

struct TcpConnection {
    TcpConnection() { wire(); }
    TcpConnection(const TcpConnection&) = delete;
    TcpConnection& operator=(const TcpConnection&) = delete;

    /// Makes it as good as new but for the room its rings have grown to.
    void renew();

    std::uint64_t id = 0;
    Socket client;
    Socket server;
    Flow requests;  ///< client to server
    Flow replies;   ///< server to client
    Endpoint endpoint;                 ///< what the client asked for
    IoStatus connected = IoStatus::ok;  ///< how the handshake ended
    detail::Fiber* connector = nullptr;
    int references = 0;  ///< handles, open sockets, pending events and undelivered segments

private:
    void wire();
};

inline void TcpConnection::wire() {
    client.connection = server.connection = requests.connection = replies.connection = this;
    client.out = server.in = &requests;
    client.in = server.out = &replies;
    requests.source = replies.target = &client;
    requests.target = replies.source = &server;
}

inline void TcpConnection::renew() {
    for (Flow* flow : {&requests, &replies}) {
        Flow fresh;
        fresh.bytes = std::move(flow->bytes);
        fresh.segments = std::move(flow->segments);
        fresh.segments.clear();
        *flow = std::move(fresh);
    }
    client = Socket{};
    server = Socket{};
    wire();
    connected = IoStatus::ok;
    connector = nullptr;
}

}  // namespace conclave::sim
