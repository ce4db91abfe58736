// The Network of one process.

#include "../host_state.hpp"
#include "../process_environment.hpp"
#include "../process_state.hpp"
#include "sim_connection.hpp"

namespace conclave::sim {

namespace {
bool is_own_address(const std::string& host) {
    return host.empty() || host == "localhost" || host == "127.0.0.1" || host == "0.0.0.0" ||
           host == "::1" || host == "::";
}

HostState* find_target(ProcessState& process, const Endpoint& endpoint) {
    if (!endpoint.unix_path.empty() || is_own_address(endpoint.host)) return &process.host;
    return process.kernel.tcp.find_host(endpoint.host);
}

Connected failed_connect(IoStatus status, const Endpoint& endpoint) {
    return {status, nullptr, to_string(endpoint) + ": " + std::string(to_string(status))};
}

Connected connect_from(ProcessState& process, const Endpoint& endpoint, Deadline deadline) {
    HostState* const target = find_target(process, endpoint);
    if (!target || target->unreachabilities > 0)
        return failed_connect(IoStatus::unreachable, endpoint);
    TcpConnection& connection = process.kernel.tcp.begin_connect(process, *target, endpoint);
    auto handle = std::make_unique<SimConnection>(process, connection.client);
    const IoStatus status = handle->await_connected(deadline);
    if (status != IoStatus::ok) return failed_connect(status, endpoint);
    return {IoStatus::ok, std::move(handle), {}};
}

/// The endpoint as others connect to it, with a port of its own when none was asked for.
Endpoint bound_endpoint(HostState& host, const Endpoint& endpoint) {
    if (!endpoint.unix_path.empty()) return {{}, 0, endpoint.unix_path};
    Endpoint bound{host.name, endpoint.port, {}};
    while (endpoint.port == 0) {
        bound.port = host.next_port++;
        if (bound.port != 0 && !NetworkState::find_listener(host, bound)) break;
    }
    return bound;
}

Listening listen_at(ProcessState& process, const Endpoint& endpoint) {
    HostState& host = process.host;
    if (endpoint.unix_path.empty() && !is_own_address(endpoint.host) && endpoint.host != host.name)
        return {IoStatus::failed, nullptr, endpoint.host + " is not an address of " + host.name};
    const Endpoint bound = bound_endpoint(host, endpoint);
    if (NetworkState::find_listener(host, bound))
        return {IoStatus::address_in_use, nullptr, to_string(bound)};
    auto state = std::make_shared<ListenerState>();
    state->endpoint = bound;
    state->owner = &process;
    host.listeners.push_back(state);
    return {IoStatus::ok, std::make_unique<SimListener>(process, std::move(state)), {}};
}
}  // namespace

Connected ProcessNetwork::connect(const Endpoint& endpoint, Deadline deadline) {
    std::uint64_t ordinal;
    if (!process_.begin_call(ordinal)) return {IoStatus::closed, nullptr, {}};
    Connected result = connect_from(process_, endpoint, deadline);
    process_.end_call(ordinal);
    return result;
}

Listening ProcessNetwork::listen(const Endpoint& endpoint) {
    std::uint64_t ordinal;
    if (!process_.begin_call(ordinal)) return {IoStatus::closed, nullptr, {}};
    Listening result = listen_at(process_, endpoint);
    process_.end_call(ordinal);
    return result;
}

Resolved ProcessNetwork::resolve(const std::string& host, Deadline) {
    std::uint64_t ordinal;
    if (!process_.begin_call(ordinal)) return {IoStatus::closed, {}};
    Resolved result{IoStatus::unreachable, {}};
    if (is_own_address(host))
        result = {IoStatus::ok, {process_.host.name}};
    else if (process_.kernel.tcp.find_host(host))
        result = {IoStatus::ok, {host}};
    process_.end_call(ordinal);
    return result;
}

}  // namespace conclave::sim
