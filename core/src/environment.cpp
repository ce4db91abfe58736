#include "conclave/environment.hpp"

namespace conclave {

std::string_view to_string(IoStatus status) noexcept {
    switch (status) {
        case IoStatus::ok: return "ok";
        case IoStatus::end_of_stream: return "end of stream";
        case IoStatus::timed_out: return "timed out";
        case IoStatus::cancelled: return "cancelled";
        case IoStatus::closed: return "closed on this side";
        case IoStatus::reset: return "connection reset";
        case IoStatus::refused: return "connection refused";
        case IoStatus::unreachable: return "unreachable";
        case IoStatus::address_in_use: return "address in use";
        case IoStatus::tls_failed: return "TLS failed";
        case IoStatus::failed: return "failed";
    }
    return "?";
}

std::string to_string(const Endpoint& endpoint) {
    if (!endpoint.unix_path.empty()) return "unix:" + endpoint.unix_path;
    const bool bracket = endpoint.host.find(':') != std::string::npos;
    return (bracket ? "[" + endpoint.host + "]" : endpoint.host) + ":" +
           std::to_string(endpoint.port);
}

}  // namespace conclave
