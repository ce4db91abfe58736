#include "raw_client.hpp"

#include <array>

namespace conclave::scenarios {

bool RawClient::connect(const Endpoint& endpoint, Duration limit) {
    Connected connected = runtime_.network.connect(endpoint, runtime_.after(limit));
    connection_ = std::move(connected.connection);
    reader_ = resp::Reader();
    return connected.status == IoStatus::ok;
}

std::optional<resp::Reply> RawClient::call(std::initializer_list<std::string_view> arguments,
                                           Duration limit) {
    if (!connection_) return std::nullopt;
    const Deadline deadline = runtime_.after(limit);
    std::string request;
    resp::append_command(request, std::span(arguments.begin(), arguments.size()));
    if (!connection_->write_all(request, deadline).ok()) return std::nullopt;
    std::array<char, 4096> buffer;
    for (resp::Reply reply;;) {
        const resp::Decode decoded = reader_.next(reply);
        if (decoded == resp::Decode::message) return reply;
        if (decoded == resp::Decode::malformed) return std::nullopt;
        const IoResult read = connection_->read_some(buffer, deadline);
        if (!read.ok()) return std::nullopt;
        reader_.feed({buffer.data(), read.bytes});
    }
}

}  // namespace conclave::scenarios
