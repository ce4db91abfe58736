#include "asio_network.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "asio_connection.hpp"
#include "asio_listener.hpp"
#include "asio_scheduler.hpp"
#include "socket_address.hpp"

namespace conclave::detail {

namespace {
constexpr int backlog = 511;
/// How often a client asks again at a unix socket that has no room for it.
constexpr Duration unix_retry = std::chrono::milliseconds(5);

std::string words(int error_number) { return std::generic_category().message(error_number); }
Connected not_connected(IoStatus status, std::string detail = {}) {
    return {status, nullptr, std::move(detail)};
}
Connected not_connected(int error_number) {
    return not_connected(connect_status(error_number), words(error_number));
}
Listening not_listening(int error_number) {
    return {io_status(error_number), nullptr, words(error_number)};
}

int socket_error(int descriptor) {
    int error = 0;
    socklen_t length = sizeof error;
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}
}  // namespace

AsioNetwork::AsioNetwork(AsioScheduler& scheduler, const Clock& clock, Observer& observer)
    : scheduler_(scheduler),
      clock_(clock),
      observer_(observer),
      resolver_(scheduler, [inbox = scheduler.inbox()](std::function<void()> task) {
          inbox->post(std::move(task));
      }) {}

Resolved AsioNetwork::resolve(const std::string& host, Deadline deadline) {
    return resolver_.resolve(host, deadline);
}

Connected AsioNetwork::connect(const Endpoint& endpoint, Deadline deadline) {
    if (!endpoint.unix_path.empty()) return connect_local(endpoint.unix_path, deadline);
    const Resolved resolved = resolve(endpoint.host, deadline);
    if (resolved.status != IoStatus::ok)
        return not_connected(resolved.status, "cannot resolve " + endpoint.host);
    Connected last = not_connected(EHOSTUNREACH);
    for (std::size_t i = 0; i < resolved.addresses.size(); ++i) {
        const auto address = tcp_address(resolved.addresses[i], endpoint.port);
        if (!address) continue;
        last = try_connect(*address, share(deadline, resolved.addresses.size() - i))
                   .value_or(not_connected(EAGAIN));
        if (last.status == IoStatus::ok || last.status == IoStatus::cancelled) break;
    }
    return last;
}

// One silent address must not eat the time of all the others.
Deadline AsioNetwork::share(Deadline deadline, std::size_t addresses_left) const {
    if (deadline.is_never() || addresses_left == 1) return deadline;
    const TimePoint now = clock_.now();
    return Deadline(now + (deadline.at() - now) / static_cast<std::int64_t>(addresses_left));
}

Connected AsioNetwork::connect_local(const std::string& path, Deadline deadline) {
    const auto address = unix_address(path);
    if (!address) return not_connected(ENAMETOOLONG);
    for (;;) {
        if (auto connected = try_connect(*address, deadline)) return std::move(*connected);
        const Deadline retry(saturating_add(clock_.now(), unix_retry));
        if (scheduler_.park(std::min(deadline, retry)) == Wake::cancelled)
            return not_connected(IoStatus::cancelled);
        if (deadline.passed(clock_.now())) return not_connected(IoStatus::timed_out);
    }
}

std::optional<Connected> AsioNetwork::try_connect(const SocketAddress& address,
                                                  Deadline deadline) {
    const int descriptor = open_socket(address.storage.ss_family);
    if (descriptor < 0) return not_connected(errno);
    if (address.storage.ss_family != AF_UNIX) tune_socket(descriptor);
    const int result = ::connect(descriptor, address.pointer(), address.length);
    const int error = result == 0 ? 0 : errno;
    // Registered only now: a socket that was never connected reports a hang-up.
    auto connection = std::make_unique<AsioConnection>(scheduler_, observer_, descriptor);
    if (error == EINPROGRESS || error == EINTR) {
        const IoStatus status = connection->wait_connected(deadline);
        if (status != IoStatus::ok) return not_connected(status);
        if (const int late = socket_error(descriptor)) return not_connected(late);
        connection->forget_writing();
    } else if (error == EAGAIN && address.storage.ss_family == AF_UNIX) {
        return std::nullopt;
    } else if (error != 0) {
        return not_connected(error);
    }
    return Connected{IoStatus::ok, std::move(connection), {}};
}

Listening AsioNetwork::listen(const Endpoint& endpoint) {
    const bool local = !endpoint.unix_path.empty();
    auto address = local ? unix_address(endpoint.unix_path)
                         : tcp_address(endpoint.host.empty() ? "0.0.0.0" : endpoint.host,
                                       endpoint.port);
    if (!local && !address) {
        // A name, as "localhost": the only case that parks.
        const Resolved resolved = resolve(endpoint.host, Deadline::never());
        if (resolved.status != IoStatus::ok)
            return {resolved.status, nullptr, "cannot resolve " + endpoint.host};
        address = tcp_address(resolved.addresses.front(), endpoint.port);
    }
    if (!address) return not_listening(ENAMETOOLONG);
    const int descriptor = open_socket(address->storage.ss_family);
    if (descriptor < 0) return not_listening(errno);
    const int on = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(descriptor, address->pointer(), address->length) != 0 ||
        ::listen(descriptor, backlog) != 0) {
        const int error = errno;
        ::close(descriptor);
        return not_listening(error);
    }
    Endpoint bound = local ? endpoint : local_endpoint(descriptor);
    return {IoStatus::ok,
            std::make_unique<AsioListener>(scheduler_, observer_, descriptor, std::move(bound)),
            {}};
}

}  // namespace conclave::detail
