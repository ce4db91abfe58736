#pragma once

#include "asio_descriptor.hpp"

namespace conclave::detail {

/// A listening socket. Removes its unix socket's file when it closes.
class AsioListener final : public Listener {
public:
    AsioListener(AsioScheduler& scheduler, Observer& observer, int descriptor, Endpoint endpoint);
    ~AsioListener() override;

    Connected accept(Deadline deadline) override;
    Endpoint endpoint() const override { return endpoint_; }
    void close() noexcept override;

private:
    AsioDescriptor socket_;
    Observer& observer_;
    Endpoint endpoint_;
};

}  // namespace conclave::detail
