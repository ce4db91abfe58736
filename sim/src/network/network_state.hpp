#pragma once

// The kernels of all hosts: connections, listeners and links, and what the faults do to them.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../kernel.hpp"
#include "link.hpp"
#include "tcp.hpp"

namespace conclave::sim {

/// A listening endpoint; shared by its host and the process's handle.
struct ListenerState {
    static constexpr std::size_t backlog_max = 128;
    Endpoint endpoint;
    ProcessState* owner = nullptr;
    RingQueue<Socket*> backlog;
    detail::Fiber* acceptor = nullptr;
    bool closed = false;
};

class NetworkState {
public:
    explicit NetworkState(Kernel& kernel) : kernel_(kernel) {}

    HostState* find_host(const std::string& name) const;
    Link& link(HostState& from, HostState& to);

    // Bytes (transport.cpp).
    /// Accepts as much as the window has room for; breaks the connection when a fault says so.
    std::size_t send(Socket& socket, std::string_view bytes);
    std::size_t receive(Socket& socket, std::span<char> buffer);
    void deliver(Flow& flow);
    void update_window(Flow& flow);
    /// Sends the end of the stream, or a reset when input is unread; wakes whoever waits here.
    void close(Socket& socket) noexcept;
    void abort(Socket& socket) noexcept;  ///< closes with a reset
    /// Both ends see a reset at once; what was on its way is lost.
    void break_connection(TcpConnection& connection);
    void add_reference(TcpConnection& connection) noexcept { ++connection.references; }
    void drop_reference(TcpConnection& connection) noexcept {
        if (--connection.references == 0) recycle(connection);
    }

    // Connections (handshake.cpp).
    TcpConnection& begin_connect(ProcessState& process, HostState& target,
                                 const Endpoint& endpoint);
    void shake_hands(TcpConnection& connection, std::uint64_t step);
    /// Null when nothing listens there; a unix path is looked up on `host` too.
    static ListenerState* find_listener(HostState& host, const Endpoint& endpoint);
    void close_listener(ListenerState& listener) noexcept;
    /// What a host's kernel does after a process: closes everything, or forgets it with the power.
    void close_process(ProcessState& process);

    // Faults (faults.cpp).
    void silence(HostState& host);
    void unsilence(HostState& host);
    void cut(Link& link) { ++link.cuts; }
    void mend(Link& link);
    /// Lets what waits in `flow` go on, unless something still holds it.
    void revive(Flow& flow);

    struct StandingFault {
        FaultKind kind;
        Duration extra{0};
        HostState* host = nullptr;
        std::vector<Link*> links = {};
        std::vector<std::pair<Flow*, std::uint64_t>> flows = {};  ///< with their connection's id
    };
    FaultId add_fault(StandingFault fault);
    void undo(StandingFault& fault);

    Kernel& kernel() noexcept { return kernel_; }
    NetworkCounters counters;
    std::map<FaultId, StandingFault> faults;

private:
    /// How many bytes a connection buffers in one direction, sent and unread together.
    static constexpr std::uint64_t window_bytes = 65536;

    bool loses(Socket& socket);
    void send_segment(Flow& flow, SegmentKind kind, std::uint64_t end);
    std::int64_t arrival_time(Link& link, std::uint64_t bytes);
    Duration latency(Link& link);
    void schedule_delivery(Flow& flow);
    void schedule_window_update(Flow& flow);
    void arrive(Flow& flow, const Segment& segment);
    void arrive_data(Flow& flow, const Segment& segment);
    void discard_segments(Flow& flow) noexcept;
    void reject(Flow& flow);
    void break_socket(Socket& socket);
    void vanish(Socket& socket);
    void shut(Socket& socket, SegmentKind farewell);
    void detach(Socket& socket) noexcept;
    static void wake_waiting(Socket& socket);
    static void wake_readers(HostState& host);

    TcpConnection& allocate();
    void recycle(TcpConnection& connection) noexcept;
    void adopt(Socket& socket, ProcessState& process);
    static void attach_to_link(Flow& flow, Link& link) noexcept;
    static void detach_from_link(Flow& flow) noexcept;
    void schedule_handshake(TcpConnection& connection, std::uint64_t step, Duration delay);
    void receive_connect(TcpConnection& connection, std::uint64_t attempt);
    void finish_connect(TcpConnection& connection, IoStatus status);
    void retry_handshake(TcpConnection& connection, std::uint64_t step, std::uint64_t attempt);
    template <class Use>
    void for_each_connection(Host& a, Host& b, Use use);
    std::vector<Link*> links_between(const SimNetwork::Hosts& a, const SimNetwork::Hosts& b,
                                     Direction direction);
    friend class SimNetwork;

    Kernel& kernel_;
    std::vector<std::unique_ptr<TcpConnection>> connections_;
    std::vector<TcpConnection*> free_;
    std::uint64_t next_connection_ = 1;
    FaultId next_fault_ = 1;
};

}  // namespace conclave::sim
