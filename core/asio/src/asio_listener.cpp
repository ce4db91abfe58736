#include "asio_listener.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "asio_connection.hpp"
#include "socket_address.hpp"

namespace conclave::detail {

AsioListener::AsioListener(AsioScheduler& scheduler, Observer& observer, int descriptor,
                           Endpoint endpoint)
    : socket_(scheduler, descriptor), observer_(observer), endpoint_(std::move(endpoint)) {}

AsioListener::~AsioListener() { close(); }

Connected AsioListener::accept(Deadline deadline) {
    socket_.relax();
    for (;;) {
        if (socket_.closed()) return {IoStatus::closed, nullptr, {}};
        const int descriptor =
            ::accept4(socket_.native(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor >= 0) {
            if (endpoint_.unix_path.empty()) tune_socket(descriptor);
            return {IoStatus::ok,
                    std::make_unique<AsioConnection>(socket_.asio_scheduler(), observer_, descriptor),
                    {}};
        }
        // The client may have given up while it was in the queue.
        if (errno == EINTR || errno == ECONNABORTED) continue;
        if (errno != EAGAIN)
            return {io_status(errno), nullptr, std::generic_category().message(errno)};
        const IoStatus status = socket_.wait(Direction::read, deadline);
        if (status != IoStatus::ok) return {status, nullptr, {}};
    }
}

void AsioListener::close() noexcept {
    if (socket_.closed()) return;
    if (!endpoint_.unix_path.empty()) ::unlink(endpoint_.unix_path.c_str());
    socket_.close();
}

}  // namespace conclave::detail
