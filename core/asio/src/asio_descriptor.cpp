#include "asio_descriptor.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <utility>
#include <vector>

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

namespace {
constexpr std::size_t input_bytes = 16 * 1024;
}

/// What was read ahead, and how the last read ended.
struct AsioDescriptor::Input {
    std::vector<char> bytes;  ///< empty until somebody had to wait
    std::size_t begin = 0;
    std::size_t end = 0;
    /// The last read left nothing behind in the system: asking again would be in vain.
    bool drained = false;
    int error = 0;
    bool end_of_stream = false;
};

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

    void arm_read() {
        Slot& slot = slots[static_cast<std::size_t>(Direction::read)];
        if (slot.armed) return;
        slot.armed = true;
        input.bytes.resize(input_bytes);
        stream.async_read_some(
            boost::asio::buffer(input.bytes),
            [self = shared_from_this(), &slot](const boost::system::error_code& error,
                                               std::size_t count) {
                slot.armed = false;
                slot.ready = true;
                self->note_read(error, count);
                if (slot.fiber) self->scheduler.unpark(*slot.fiber);
            });
    }

    void note_read(const boost::system::error_code& error, std::size_t count) {
        input.begin = 0;
        input.end = count;
        input.drained = !error && count < input.bytes.size();
        input.end_of_stream = error == boost::asio::error::eof;
        input.error = error && !input.end_of_stream ? error.value() : 0;
    }

    bool has_input() const noexcept { return input.begin < input.end; }

    IoResult take_input(std::span<char> buffer) noexcept {
        const std::size_t count = std::min(buffer.size(), input.end - input.begin);
        std::copy_n(input.bytes.begin() + static_cast<std::ptrdiff_t>(input.begin), count,
                    buffer.begin());
        input.begin += count;
        return {IoStatus::ok, count};
    }

    AsioScheduler& scheduler;
    boost::asio::posix::stream_descriptor stream;
    std::array<Slot, 2> slots;
    Input input;
};

AsioDescriptor::AsioDescriptor(AsioScheduler& scheduler, int descriptor)
    : scheduler_(scheduler),
      state_(std::make_shared<State>(scheduler, descriptor)),
      native_(descriptor) {}

AsioDescriptor::~AsioDescriptor() { close(); }

IoStatus AsioDescriptor::wait(Direction direction, Deadline deadline) {
    if (closed()) return IoStatus::closed;
    state_->slots[static_cast<std::size_t>(direction)].ready = false;
    state_->arm(direction);
    return park_for(direction, deadline);
}

IoStatus AsioDescriptor::park_for(Direction direction, Deadline deadline) {
    const std::shared_ptr<State> state = state_;
    State::Slot& slot = state->slots[static_cast<std::size_t>(direction)];
    CONCLAVE_ASSERT(!slot.fiber, native_);
    struct Leave {
        State::Slot& slot;
        ~Leave() { slot.fiber = nullptr; }
    } leave{slot};
    slot.fiber = running_fiber();
    for (;;) {
        const Wake wake = scheduler_.park(deadline);
        if (!state->stream.is_open()) return IoStatus::closed;
        if (wake == Wake::cancelled) return IoStatus::cancelled;
        if (slot.ready) return IoStatus::ok;
        if (wake == Wake::timed_out) return IoStatus::timed_out;
        // A permit left over from an earlier wait: not ours.
    }
}

IoResult AsioDescriptor::read(std::span<char> buffer, Deadline deadline) {
    const std::shared_ptr<State> state = state_;
    State::Slot& slot = state->slots[static_cast<std::size_t>(Direction::read)];
    for (;;) {
        if (closed()) return {IoStatus::closed, 0};
        if (state->has_input()) return state->take_input(buffer);
        if (std::exchange(state->input.end_of_stream, false)) return {IoStatus::end_of_stream, 0};
        if (const int error = std::exchange(state->input.error, 0)) {
            errno = error;
            return {io_status(error), 0};
        }
        if (!state->input.drained && !slot.armed) {
            const ssize_t count = ::recv(native_, buffer.data(), buffer.size(), MSG_DONTWAIT);
            state->input.drained = count > 0 && static_cast<std::size_t>(count) < buffer.size();
            if (count > 0) return {IoStatus::ok, static_cast<std::size_t>(count)};
            if (count == 0) return {IoStatus::end_of_stream, 0};
            if (errno == EINTR) continue;
            if (errno != EAGAIN) return {io_status(errno), 0};
        }
        slot.ready = false;
        state->arm_read();
        const IoStatus status = park_for(Direction::read, deadline);
        if (status != IoStatus::ok) return {status, 0};
    }
}

void AsioDescriptor::forget_writing() {
    if (closed()) return;
    state_->stream.assign(state_->stream.release());
}

void AsioDescriptor::relax() { scheduler_.relax(); }

Scheduler& AsioDescriptor::scheduler() const noexcept { return scheduler_; }

void AsioDescriptor::close() noexcept {
    if (closed()) return;
    // The peer is to see a reset, as it does for what the system still has.
    if (state_->has_input()) {
        const linger at_once{1, 0};
        setsockopt(native_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    native_ = -1;
    boost::system::error_code ignored;
    state_->stream.close(ignored);
    for (State::Slot& slot : state_->slots)
        if (slot.fiber) scheduler_.unpark(*slot.fiber);
}

}  // namespace conclave::detail
