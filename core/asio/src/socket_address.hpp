#pragma once

// Endpoints as the system's socket addresses, and sockets with the options we want.

#include <sys/socket.h>

#include <optional>

#include "conclave/environment.hpp"

namespace conclave::detail {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = 0;
    const sockaddr* pointer() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// nullopt when `path` does not fit (108 bytes).
std::optional<SocketAddress> unix_address(const std::string& path);
/// `address` is numeric; nullopt when it is not.
std::optional<SocketAddress> tcp_address(const std::string& address, std::uint16_t port);
/// Where the socket is bound.
Endpoint local_endpoint(int descriptor);

/// A non-blocking stream socket, -1 with errno set when there is none to be had.
int open_socket(int family);
/// Small messages leave at once, and a peer that vanished is noticed.
void tune_socket(int descriptor) noexcept;

}  // namespace conclave::detail
