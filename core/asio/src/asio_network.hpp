#pragma once

// Sockets of the operating system. The mirror in simulation is the network of sim::Process.

#include <optional>

#include "conclave/environment.hpp"
#include "resolver.hpp"

namespace conclave::detail {

class AsioScheduler;
struct SocketAddress;

class AsioNetwork final : public Network {
public:
    AsioNetwork(AsioScheduler& scheduler, const Clock& clock, Observer& observer);

    Connected connect(const Endpoint& endpoint, Deadline deadline) override;
    Listening listen(const Endpoint& endpoint) override;
    Resolved resolve(const std::string& host, Deadline deadline) override;

private:
    Connected connect_local(const std::string& path, Deadline deadline);
    /// nullopt when the listener's queue is full and the kernel will not tell when it no longer is.
    std::optional<Connected> try_connect(const SocketAddress& address, Deadline deadline);
    Deadline share(Deadline deadline, std::size_t addresses_left) const;

    AsioScheduler& scheduler_;
    const Clock& clock_;
    Observer& observer_;
    Resolver resolver_;
};

}  // namespace conclave::detail
