// What the caller does to the network; see sim_network.hpp.

#include "../host_state.hpp"
#include "../process_state.hpp"
#include "conclave/assert.hpp"
#include "network_state.hpp"

namespace conclave::sim {

void NetworkState::silence(HostState& host) {
    for (const auto& other : kernel_.hosts) {
        auto& back = other->state().links;
        if (host.index < back.size() && back[host.index]) cut(*back[host.index]);
        if (&other->state() == &host) continue;
        const std::size_t index = other->state().index;
        if (index < host.links.size() && host.links[index]) cut(*host.links[index]);
    }
}

void NetworkState::unsilence(HostState& host) {
    for (const auto& other : kernel_.hosts) {
        auto& back = other->state().links;
        if (host.index < back.size() && back[host.index]) mend(*back[host.index]);
        if (&other->state() == &host) continue;
        const std::size_t index = other->state().index;
        if (index < host.links.size() && host.links[index]) mend(*host.links[index]);
    }
}

void NetworkState::mend(Link& link) {
    if (--link.cuts > 0) return;
    for (Flow* flow = link.flows; flow; flow = flow->link_next) revive(*flow);
}

FaultId NetworkState::add_fault(StandingFault fault) {
    const FaultId id = next_fault_++;
    kernel_.record_fault(fault.kind, fault.host ? fault.host->subject : 0, id);
    faults.emplace(id, std::move(fault));
    return id;
}

void NetworkState::undo(StandingFault& fault) {
    for (Link* link : fault.links) {
        if (fault.kind == FaultKind::clog)
            link->extra -= fault.extra;
        else
            mend(*link);
    }
    for (const auto& [flow, connection] : fault.flows) {
        if (flow->connection->id != connection) continue;  // closed since, and used again
        --flow->black_holes;
        revive(*flow);
    }
    if (fault.kind == FaultKind::refused) --fault.host->refusals;
    if (fault.kind == FaultKind::unreachable) --fault.host->unreachabilities;
    if (fault.kind == FaultKind::slow_reader && --fault.host->slow_readers == 0)
        wake_readers(*fault.host);
}

std::vector<Link*> NetworkState::links_between(const SimNetwork::Hosts& a,
                                               const SimNetwork::Hosts& b, Direction direction) {
    std::vector<Link*> links;
    for (Host* from : a) {
        for (Host* to : b) {
            if (from == to) continue;
            links.push_back(&link(from->state(), to->state()));
            if (direction == Direction::both) links.push_back(&link(to->state(), from->state()));
        }
    }
    return links;
}

template <class Use>
void NetworkState::for_each_connection(Host& a, Host& b, Use use) {
    std::vector<TcpConnection*> found;
    for (Link* link : links_between({&a}, {&b}, Direction::both))
        for (Flow* flow = link->flows; flow; flow = flow->link_next)
            if (flow == &flow->connection->requests) found.push_back(flow->connection);
    for (TcpConnection* connection : found) use(*connection);
}

SimNetwork::SimNetwork(std::unique_ptr<NetworkState> state) : state_(std::move(state)) {}
SimNetwork::~SimNetwork() = default;

LinkOptions& SimNetwork::link(Host& from, Host& to) {
    return state_->link(from.state(), to.state()).options;
}

FaultId SimNetwork::partition(const Hosts& a, const Hosts& b, Direction direction) {
    NetworkState::StandingFault fault{.kind = FaultKind::partition};
    fault.links = state_->links_between(a, b, direction);
    for (Link* link : fault.links) state_->cut(*link);
    return state_->add_fault(std::move(fault));
}

FaultId SimNetwork::clog(const Hosts& a, const Hosts& b, Duration extra, Direction direction) {
    NetworkState::StandingFault fault{.kind = FaultKind::clog, .extra = extra};
    fault.links = state_->links_between(a, b, direction);
    for (Link* link : fault.links) link->extra += extra;
    return state_->add_fault(std::move(fault));
}

FaultId SimNetwork::black_hole(const Hosts& a, const Hosts& b, Direction direction) {
    NetworkState::StandingFault fault{.kind = FaultKind::black_hole};
    for (Link* link : state_->links_between(a, b, direction)) {
        for (Flow* flow = link->flows; flow; flow = flow->link_next) {
            ++flow->black_holes;
            fault.flows.emplace_back(flow, flow->connection->id);
        }
    }
    return state_->add_fault(std::move(fault));
}

FaultId SimNetwork::refuse(Host& host) {
    ++host.state().refusals;
    return state_->add_fault({.kind = FaultKind::refused, .host = &host.state()});
}

FaultId SimNetwork::unreachable(Host& host) {
    ++host.state().unreachabilities;
    return state_->add_fault({.kind = FaultKind::unreachable, .host = &host.state()});
}

void NetworkState::wake_readers(HostState& host) {
    for (const ProcessState* process : host.processes)
        for (Socket* socket = process->sockets; socket; socket = socket->owner_next)
            wake_waiting(*socket);
}

FaultId SimNetwork::stop_reading(Host& host) {
    ++host.state().slow_readers;
    return state_->add_fault({.kind = FaultKind::slow_reader, .host = &host.state()});
}

void SimNetwork::heal(FaultId id) {
    const auto found = state_->faults.find(id);
    if (found == state_->faults.end()) return;
    NetworkState::StandingFault fault = std::move(found->second);
    state_->faults.erase(found);
    state_->kernel().record_fault(FaultKind::heal, 0, id);
    state_->undo(fault);
}

void SimNetwork::heal_all() {
    while (!state_->faults.empty()) heal(state_->faults.begin()->first);
}

std::size_t SimNetwork::connections_between(Host& a, Host& b) {
    std::size_t count = 0;
    state_->for_each_connection(a, b, [&count](TcpConnection&) { ++count; });
    return count;
}

void SimNetwork::reset_connections(Host& a, Host& b) {
    state_->kernel().record_fault(FaultKind::reset, a.state().subject, b.state().subject);
    state_->for_each_connection(
        a, b, [this](TcpConnection& connection) { state_->break_connection(connection); });
}

void SimNetwork::half_open(Host& a, Host& b) {
    state_->kernel().record_fault(FaultKind::half_open, a.state().subject, b.state().subject);
    state_->for_each_connection(a, b, [this](TcpConnection& connection) {
        connection.requests.dead = connection.replies.dead = true;
        state_->add_reference(connection);
        state_->discard_segments(connection.requests);
        state_->discard_segments(connection.replies);
        state_->drop_reference(connection);
    });
}

void SimNetwork::lose_next_request(Host& client, Host& server) {
    ++state_->link(client.state(), server.state()).requests_to_lose;
}

void SimNetwork::lose_next_reply(Host& client, Host& server) {
    ++state_->link(client.state(), server.state()).replies_to_lose;
}

const NetworkCounters& SimNetwork::counters() const noexcept { return state_->counters; }

}  // namespace conclave::sim
