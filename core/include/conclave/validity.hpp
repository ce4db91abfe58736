#pragma once

// The proof that something is held, and the handle that owns it.

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

#include "conclave/result.hpp"
#include "conclave/time.hpp"

namespace conclave {

namespace detail {
class ClientCore;
struct Hold;
enum class HoldKind : std::uint8_t;
struct Asynchronous;
}  // namespace detail

/// Until when a hold may be believed. Copyable; any thread may use it, also after the handle is gone.
///
/// Each call compares the deadline with the clock, which also runs while the host sleeps: a process
/// that was paused or suspended sees the loss at its first look, before any timer has run. What can
/// happen between the look and the act is what the token is for.
class Validity {
public:
    /// Never valid.
    Validity() = default;
    explicit Validity(std::shared_ptr<detail::Hold> hold) : hold_(std::move(hold)) {}

    /// Whether the hold may be believed now. Never blocks.
    bool valid() const noexcept;
    /// How much longer it may be believed without a renewal; zero once lost, Duration::max() for
    /// what does not lapse. Never blocks.
    Duration safe_for() const noexcept;
    /// When it ends unless renewed, or when it ended; by the clock of the client's runtime.
    TimePoint until() const noexcept;
    /// Waits until the hold is lost or given up, at most `limit`; true once it is. Blocks an ordinary
    /// thread and parks a fiber.
    bool wait_lost(Duration limit) const;

private:
    friend struct detail::Asynchronous;
    std::shared_ptr<detail::Hold> hold_;
};

/// Something held: it is kept alive while the handle lives, and given up with it. Move-only; one
/// owner at a time, but token() and validity() from any thread. Empty after a move: never valid, and
/// without a name.
class Handle {
public:
    Handle(Handle&&) noexcept = default;
    Handle& operator=(Handle&& other) noexcept;

    /// What is held: a lock's or a group's name.
    std::string name() const;
    /// The driver's counter of this hold. A fence where the driver claims Feature::fencing, else
    /// information; 0 when the backend keeps none.
    std::uint64_t token() const noexcept;
    Validity validity() const noexcept { return Validity(hold_); }
    bool valid() const noexcept { return validity().valid(); }
    Duration safe_for() const noexcept { return validity().safe_for(); }
    /// Requested when the hold ends, at its deadline at the latest while the process runs: after a
    /// pause it comes late, so look at valid() before an act that matters. Its callbacks run one after
    /// the other on a fiber of their own, on the runtime's thread. They may call this library, stop()
    /// too, and delay nobody while they wait in it; they must not throw.
    std::stop_token stop_token() const noexcept;

protected:
    friend struct detail::Asynchronous;
    Handle() = default;
    Handle(std::shared_ptr<detail::ClientCore> core, std::shared_ptr<detail::Hold> hold);
    /// Ends the hold at once and gives it up in the background, bounded by the operation timeout.
    /// Neither waits nor throws.
    ~Handle();
    /// Gives it up and waits for the answer.
    bool give_up();

    std::shared_ptr<detail::ClientCore> core_;
    std::shared_ptr<detail::Hold> hold_;

private:
    void abandon() noexcept;
};

}  // namespace conclave
