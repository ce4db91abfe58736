#pragma once

// The plainest client of the Redis protocol: one command, one reply.

#include <initializer_list>
#include <memory>
#include <optional>

#include "conclave/codec/resp.hpp"
#include "conclave/environment.hpp"

namespace conclave::scenarios {

class RawClient {
public:
    explicit RawClient(Runtime& runtime) : runtime_(runtime) {}

    /// False when the server cannot be reached within `limit`.
    bool connect(const Endpoint& endpoint, Duration limit);
    /// nullopt when no reply came within `limit`; the connection is then useless.
    std::optional<resp::Reply> call(std::initializer_list<std::string_view> arguments,
                                    Duration limit);

private:
    Runtime& runtime_;
    std::unique_ptr<Connection> connection_;
    resp::Reader reader_;
};

}  // namespace conclave::scenarios
