#include "raw_connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <stdexcept>

namespace conclave::conformance {

std::size_t reply_length(std::string_view bytes) {
    const std::size_t end = bytes.find("\r\n");
    if (end == std::string_view::npos) return 0;
    std::int64_t count = 0;
    std::from_chars(bytes.data() + 1, bytes.data() + end, count);
    std::size_t length = end + 2;
    if (bytes[0] == '$' || bytes[0] == '=') {
        if (count >= 0) length += static_cast<std::size_t>(count) + 2;
        return bytes.size() < length ? 0 : length;
    }
    if (bytes[0] == '%') count *= 2;
    else if (bytes[0] != '*' && bytes[0] != '~' && bytes[0] != '>') return length;
    for (std::int64_t i = 0; i < count; ++i) {
        const std::size_t element = reply_length(bytes.substr(length));
        if (element == 0) return 0;
        length += element;
    }
    return length;
}

RawConnection::RawConnection(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("cannot connect to the real server on port " +
                                 std::to_string(port));
}

RawConnection::~RawConnection() { ::close(socket_); }

void RawConnection::send(std::string_view request) const {
    while (!request.empty()) {
        const ssize_t sent = ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
        if (sent <= 0) throw std::runtime_error("the real server does not take the request");
        request.remove_prefix(static_cast<std::size_t>(sent));
    }
}

bool RawConnection::receive() {
    char bytes[16 * 1024];
    const ssize_t received = ::recv(socket_, bytes, sizeof bytes, 0);
    if (received <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(received));
    return true;
}

std::string RawConnection::exchange(std::string_view request, std::size_t replies) {
    send(request);
    std::string result;
    while (replies > 0) {
        const std::size_t length = reply_length(buffer_);
        if (length == 0) {
            if (!receive()) throw std::runtime_error("the real server closed the connection");
            continue;
        }
        result += buffer_.substr(0, length);
        buffer_.erase(0, length);
        --replies;
    }
    return result;
}

std::string RawConnection::read_to_end(std::string_view request) {
    send(request);
    while (receive()) continue;
    return std::move(buffer_);
}

}  // namespace conclave::conformance
