#pragma once

// One non-blocking descriptor and the fibers that wait for it. Handlers of pending waits own the
// shared state, so the descriptor may go away at any time. Single-threaded.

#include <memory>
#include <span>

#include "conclave/environment.hpp"

namespace conclave::detail {

class AsioScheduler;

/// The status that `error_number` (errno) stands for.
IoStatus io_status(int error_number) noexcept;
/// The same for a connect, where silence means that the other side cannot be reached.
IoStatus connect_status(int error_number) noexcept;

enum class Direction : std::uint8_t { read, write };

class AsioDescriptor {
public:
    /// Takes over `descriptor`, which must be non-blocking.
    AsioDescriptor(AsioScheduler& scheduler, int descriptor);
    ~AsioDescriptor();
    AsioDescriptor(const AsioDescriptor&) = delete;
    AsioDescriptor& operator=(const AsioDescriptor&) = delete;

    int native() const noexcept { return native_; }
    bool closed() const noexcept { return native_ < 0; }
    /// Parks the calling fiber until the descriptor may be ready: ok, timed_out, cancelled, closed.
    /// One fiber at a time in each direction.
    IoStatus wait(Direction direction, Deadline deadline);
    /// Parks until `buffer` has at least one byte of a stream, the stream ends or `deadline` passes.
    /// Reads what there is by one call of the system where it can: no look before the wait, and no
    /// registration for it. What it reads beyond `buffer`, or for a fiber that gave up, is kept.
    IoResult read(std::span<char> buffer, Deadline deadline);
    /// Forgets that somebody once waited to write: from then on the system would report each time
    /// that output has left. Requires: nobody waits.
    void forget_writing();
    /// Idempotent; wakes the waiting fibers with `closed`.
    void close() noexcept;
    /// AsioScheduler::relax(), for users that need not see Asio.
    void relax();
    AsioScheduler& asio_scheduler() const noexcept { return scheduler_; }
    Scheduler& scheduler() const noexcept;

private:
    struct State;
    struct Input;
    IoStatus park_for(Direction direction, Deadline deadline);
    AsioScheduler& scheduler_;
    std::shared_ptr<State> state_;
    int native_;
};

}  // namespace conclave::detail
