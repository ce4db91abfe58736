#include "asio_descriptor.hpp"

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>

#include "asio_scheduler.hpp"
#include "conclave/assert.hpp"

namespace conclave::detail {

IoStatus io_status(int error_number) noexcept {
    switch (error_number) {
        case 0: return IoStatus::ok;
        case ECONNREFUSED:
        case ENOENT: return IoStatus::refused;  // no such unix socket: nobody listens there
        case ECONNRESET:
        case ECONNABORTED:
        case EPIPE:
        case ENOTCONN:
        case ETIMEDOUT: return IoStatus::reset;
        case EHOSTUNREACH:
        case EHOSTDOWN:
        case ENETUNREACH:
        case ENETDOWN: return IoStatus::unreachable;
        case EADDRINUSE: return IoStatus::address_in_use;
        default: return IoStatus::failed;
    }
}

IoStatus connect_status(int error_number) noexcept {
    return error_number == ETIMEDOUT ? IoStatus::unreachable : io_status(error_number);
}

struct AsioDescriptor::State : std::enable_shared_from_this<State> {
    struct Slot {
        Fiber* fiber = nullptr;
        bool armed = false;  ///< a wait is pending; it may outlast the fiber that asked for it
        bool ready = false;
    };

    State(AsioScheduler& owner, int descriptor)
        : scheduler(owner), stream(owner.context(), descriptor) {}

    void arm(Direction direction) {
        Slot& slot = slots[static_cast<std::size_t>(direction)];
        if (slot.armed) return;
        slot.armed = true;
        using Stream = boost::asio::posix::stream_descriptor;
        stream.async_wait(direction == Direction::read ? Stream::wait_read : Stream::wait_write,
                          [self = shared_from_this(), &slot](const boost::system::error_code&) {
                              slot.armed = false;
                              slot.ready = true;
                              if (slot.fiber) self->scheduler.unpark(*slot.fiber);
                          });
    }

    AsioScheduler& scheduler;
    boost::asio::posix::stream_descriptor stream;
    std::array<Slot, 2> slots;
};

AsioDescriptor::AsioDescriptor(AsioScheduler& scheduler, int descriptor)
    : scheduler_(scheduler),
      state_(std::make_shared<State>(scheduler, descriptor)),
      native_(descriptor) {}

AsioDescriptor::~AsioDescriptor() { close(); }

IoStatus AsioDescriptor::wait(Direction direction, Deadline deadline) {
    if (closed()) return IoStatus::closed;
    const std::shared_ptr<State> state = state_;
    State::Slot& slot = state->slots[static_cast<std::size_t>(direction)];
    CONCLAVE_ASSERT(!slot.fiber, native_);
    struct Leave {
        State::Slot& slot;
        ~Leave() { slot.fiber = nullptr; }
    } leave{slot};
    slot.fiber = running_fiber();
    slot.ready = false;
    state->arm(direction);
    for (;;) {
        const Wake wake = scheduler_.park(deadline);
        if (!state->stream.is_open()) return IoStatus::closed;
        if (wake == Wake::cancelled) return IoStatus::cancelled;
        if (slot.ready) return IoStatus::ok;
        if (wake == Wake::timed_out) return IoStatus::timed_out;
        // A permit left over from an earlier wait: not ours.
    }
}

void AsioDescriptor::relax() { scheduler_.relax(); }

Scheduler& AsioDescriptor::scheduler() const noexcept { return scheduler_; }

void AsioDescriptor::close() noexcept {
    if (closed()) return;
    native_ = -1;
    boost::system::error_code ignored;
    state_->stream.close(ignored);
    for (State::Slot& slot : state_->slots)
        if (slot.fiber) scheduler_.unpark(*slot.fiber);
}

}  // namespace conclave::detail
