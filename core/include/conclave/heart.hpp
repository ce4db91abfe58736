#pragma once

// Source: tooz coordination.Heart; ours shares the runtime's thread and so needs no thread of its own.

#include <cstdint>
#include <memory>
#include <optional>

#include "conclave/time.hpp"

namespace conclave {

namespace detail {
class CoordinatorCore;
}

/// Beats for the member in the background, so that it does not lapse. A view; any thread.
class Heart {
public:
    explicit Heart(std::shared_ptr<detail::CoordinatorCore> core) : core_(std::move(core)) {}
    /// How many beats were acknowledged since the coordinator was made.
    std::uint64_t beats() const;
    bool is_alive() const;
    /// Beats from now on, and renews what is held; failures are retried for ever. Does nothing when
    /// alive. Errors: none - Error when the coordinator is not started.
    void start();
    /// Ends the beating, and returns when it has ended: nothing is left to wait for.
    void stop();
    /// Waits until somebody has stopped it, at most `limit`; whether it is alive then. Blocks an
    /// ordinary thread and parks a fiber.
    bool wait(std::optional<Duration> limit = std::nullopt);

private:
    std::shared_ptr<detail::CoordinatorCore> core_;
};

}  // namespace conclave
