#pragma once

// A listener whose connections suffer what the simulator's network does to them: for real clients of a
// served model. Every connection has a stream of its own, by its number, and every kind of fault one
// of that, so that a client which asks the same meets the same. Single-threaded per Runtime.

#include <memory>

#include "conclave/environment.hpp"
#include "conclave/sim/stream.hpp"
#include "disturbance.hpp"

namespace conclave::tool {

class DisturbedListener final : public Listener {
public:
    DisturbedListener(Runtime& runtime, std::unique_ptr<Listener> listener,
                      Disturbances disturbances, sim::Stream stream)
        : runtime_(runtime),
          listener_(std::move(listener)),
          disturbances_(std::move(disturbances)),
          stream_(stream) {}

    Connected accept(Deadline deadline) override;
    Endpoint endpoint() const override { return listener_->endpoint(); }
    void close() noexcept override { listener_->close(); }

private:
    Runtime& runtime_;
    const std::unique_ptr<Listener> listener_;
    const Disturbances disturbances_;
    const sim::Stream stream_;
    std::uint64_t accepted_ = 0;
};

}  // namespace conclave::tool
