#pragma once

// Bytes to and from a real server, unparsed but for finding where a reply ends.

#include <string>
#include <string_view>

namespace conclave::conformance {

/// The length of the first complete RESP reply in `bytes`; 0 when it is not complete.
std::size_t reply_length(std::string_view bytes);

class RawConnection {
public:
    /// Connects to the loopback port; throws std::runtime_error when it cannot.
    explicit RawConnection(int port);
    ~RawConnection();
    RawConnection(const RawConnection&) = delete;
    RawConnection& operator=(const RawConnection&) = delete;

    /// Sends one command and returns the exact bytes of `replies` replies.
    std::string exchange(std::string_view request, std::size_t replies);
    /// Reads until the server closes the connection.
    std::string read_to_end(std::string_view request);

private:
    void send(std::string_view request) const;
    bool receive();

    int socket_ = -1;
    std::string buffer_;
};

}  // namespace conclave::conformance
