#pragma once

// Sockets of the operating system. The mirror in simulation is the network of sim::Process.

#include "conclave/environment.hpp"

namespace conclave::detail {

class AsioScheduler;
struct SocketAddress;

class AsioNetwork final : public Network {
public:
    AsioNetwork(AsioScheduler& scheduler, const Clock& clock, Observer& observer) noexcept
        : scheduler_(scheduler), clock_(clock), observer_(observer) {}

    Connected connect(const Endpoint& endpoint, Deadline deadline) override;
    Listening listen(const Endpoint& endpoint) override;
    Resolved resolve(const std::string& host, Deadline deadline) override;

private:
    Connected connect_to(const SocketAddress& address, Deadline deadline);
    Deadline share(Deadline deadline, std::size_t addresses_left) const;

    AsioScheduler& scheduler_;
    const Clock& clock_;
    Observer& observer_;
};

}  // namespace conclave::detail
