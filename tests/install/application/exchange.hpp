#pragma once

// A user's own protocol, written once for both worlds: a server that echoes, and its client.

#include <array>
#include <stdexcept>
#include <string>

#include "conclave/environment.hpp"

/// Echoes to one client until that client has finished sending.
inline void serve_one(conclave::Listener& listener) {
    conclave::Connected accepted = listener.accept(conclave::Deadline::never());
    if (accepted.status != conclave::IoStatus::ok) return;
    std::array<char, 64> buffer{};
    conclave::IoResult read;
    while ((read = accepted.connection->read_some(buffer, conclave::Deadline::never())).ok())
        accepted.connection->write_all({buffer.data(), read.bytes}, conclave::Deadline::never());
}

/// What the server at `endpoint` answers to `greeting`.
inline std::string ask(conclave::Runtime& runtime, const conclave::Endpoint& endpoint,
                       const std::string& greeting) {
    const conclave::Deadline deadline = runtime.after(std::chrono::seconds(10));
    conclave::Connected connected = runtime.network.connect(endpoint, deadline);
    if (connected.status != conclave::IoStatus::ok)
        throw std::runtime_error("cannot connect to " + to_string(endpoint));
    connected.connection->write_all(greeting, deadline);
    std::string answer;
    std::array<char, 64> buffer{};
    while (answer.size() < greeting.size()) {
        const conclave::IoResult read = connected.connection->read_some(buffer, deadline);
        if (!read.ok()) throw std::runtime_error("no answer");
        answer.append(buffer.data(), read.bytes);
    }
    return answer;
}
