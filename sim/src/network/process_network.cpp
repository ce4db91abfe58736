// The Network of one process.

#include "../host_state.hpp"
#include "../process_environment.hpp"
#include "../process_state.hpp"
#include "sim_connection.hpp"

namespace conclave::sim {

namespace {
// Linux: sun_path of struct sockaddr_un holds one byte more, the zero.
constexpr std::size_t unix_path_bytes_max = 107;

bool is_too_long(const Endpoint& endpoint) {
    return endpoint.unix_path.size() > unix_path_bytes_max;
}

/// The host that `name` means to `process`, null when it does not resolve.
HostState* look_up(ProcessState& process, const std::string& name) {
    if (name == "localhost" || name == "127.0.0.1" || name == "0.0.0.0" || name == "::1" ||
        name == "::")
        return &process.host;
    return process.kernel.tcp.find_host(name);
}

HostState* find_target(ProcessState& process, const Endpoint& endpoint) {
    return endpoint.unix_path.empty() ? look_up(process, endpoint.host) : &process.host;
}

Connected failed_connect(IoStatus status, const Endpoint& endpoint) {
    return {status, nullptr, to_string(endpoint) + ": " + std::string(to_string(status))};
}

Connected connect_from(ProcessState& process, const Endpoint& endpoint, Deadline deadline) {
    if (is_too_long(endpoint)) return failed_connect(IoStatus::failed, endpoint);
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
    if (is_too_long(endpoint)) return {IoStatus::failed, nullptr, "the path is too long"};
    if (endpoint.unix_path.empty() && !endpoint.host.empty()) {
        const HostState* const named = look_up(process, endpoint.host);
        if (!named) return {IoStatus::unreachable, nullptr, "cannot resolve " + endpoint.host};
        if (named != &host)
            return {IoStatus::failed, nullptr, endpoint.host + " is not an address of " + host.name};
    }
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
    if (const HostState* const found = look_up(process_, host))
        result = {IoStatus::ok, {found->name}};
    process_.end_call(ordinal);
    return result;
}

}  // namespace conclave::sim
