#pragma once

// The network of a world and its faults. Ordered byte streams between hosts, over links with
// latency, loss and bandwidth of their own. Faults are values: the caller decides when and where,
// the network draws nothing but latency, loss and segmentation. Every fault is undone by heal().

#include <cstdint>
#include <memory>
#include <vector>

#include "conclave/sim/host.hpp"
#include "conclave/time.hpp"

namespace conclave::sim {

class NetworkState;

/// One direction between two hosts.
struct LinkOptions {
    Duration latency_min = std::chrono::microseconds(200);
    Duration latency_max = std::chrono::microseconds(800);
    double loss = 0;  ///< chance that a segment is lost; costs a retransmission, doubling
    Duration retransmission = std::chrono::milliseconds(200);
    std::uint64_t bytes_per_second = 0;  ///< 0 is unlimited
    double segmentation = 0;             ///< chance that a write, and that a read, is cut in two
};

enum class Direction : std::uint8_t { both, a_to_b };

/// What was injected; the `a` of a TraceKind::fault record.
enum class FaultKind : std::uint8_t {
    partition, clog, black_hole, half_open, reset, refused, unreachable, request_lost, reply_lost,
    power_loss, power_on, suspend, host_resume, wall_clock_step, clock_rate, clock_step, heal,
    slow_reader,
};

/// Identifies a standing fault for heal(); never 0.
using FaultId = std::uint64_t;

/// What happened on the network so far.
struct NetworkCounters {
    std::uint64_t messages_delivered = 0;  ///< segments that became readable
    std::uint64_t bytes_delivered = 0;
    std::uint64_t retransmissions = 0;
    std::uint64_t segments_cut = 0;        ///< writes and reads cut by segmentation
    std::uint64_t connections = 0;
    std::uint64_t refused = 0;
    std::uint64_t resets = 0;              ///< connections broken, for whatever reason
    std::uint64_t requests_lost = 0;       ///< by lose_next_request()
    std::uint64_t replies_lost = 0;        ///< by lose_next_reply()
};

class SimNetwork {
public:
    using Hosts = std::vector<Host*>;

    explicit SimNetwork(std::unique_ptr<NetworkState> state);
    ~SimNetwork();
    SimNetwork(const SimNetwork&) = delete;
    SimNetwork& operator=(const SimNetwork&) = delete;

    /// The direction from -> to; changes count for what is sent from now on.
    LinkOptions& link(Host& from, Host& to);

    /// Nothing passes between the two sides (or from a to b only); bytes wait and arrive late and
    /// in order after the heal. Hosts in neither list reach both: a partial partition.
    FaultId partition(const Hosts& a, const Hosts& b, Direction direction = Direction::both);
    /// Every segment takes `extra` longer: a delay spike.
    FaultId clog(const Hosts& a, const Hosts& b, Duration extra,
                 Direction direction = Direction::both);
    /// Connections that exist now fall silent, new ones work. After the heal what was swallowed is
    /// delivered late and in order, possibly after the client has reconnected.
    FaultId black_hole(const Hosts& a, const Hosts& b, Direction direction = Direction::both);
    /// Connects to `host` are refused although something listens.
    FaultId refuse(Host& host);
    /// Connects to `host` fail at once: no route.
    FaultId unreachable(Host& host);
    /// The processes of `host` read nothing from their connections, though they run on: what peers
    /// write fills the window, and then their writers wait.
    FaultId stop_reading(Host& host);
    void heal(FaultId fault);
    void heal_all();

    /// Connections between the two that are open now.
    std::size_t connections_between(Host& a, Host& b);

    /// Both ends of every connection between the two see a reset at once; bytes in flight are lost.
    void reset_connections(Host& a, Host& b);
    /// Every connection between the two is dead for good and nobody is told.
    void half_open(Host& a, Host& b);
    /// The next bytes that `client` writes to `server` are lost and the connection is reset: the
    /// server never acts.
    void lose_next_request(Host& client, Host& server);
    /// After the next bytes that `client` writes to `server`, the answer on that connection is lost
    /// and the connection is reset: the server has acted, the client cannot know.
    void lose_next_reply(Host& client, Host& server);

    const NetworkCounters& counters() const noexcept;

    NetworkState& state() noexcept { return *state_; }

private:
    std::unique_ptr<NetworkState> state_;
};

}  // namespace conclave::sim
