#pragma once

// One life of a client that is stopped in the middle of everything.

#include <functional>
#include <memory>

#include "conclave/client.hpp"
#include "conclave/environment.hpp"
#include "conclave/fiber.hpp"
#include "conclave/gate.hpp"

namespace conclave::scenarios {

inline constexpr const char* calls_end_claim = "no call is left waiting after a stop";

/// Shared with the callbacks, which may outlive the life if they are wrong.
class LifeCallbacks {
public:
    /// Every callback says that it begins, and does here what it was made to do.
    void begin();
    /// The next callback runs `stop`.
    void arm(std::function<void()> stop) { armed_ = std::move(stop); }
    /// False when a callback has taken it.
    bool disarm() { return std::exchange(armed_, nullptr) != nullptr; }
    bool armed() const noexcept { return armed_ != nullptr; }

    void note_stopped() noexcept { stopped_ = true; }
    bool stopped() const noexcept { return stopped_; }
    std::uint64_t after_stop() const noexcept { return after_stop_; }

private:
    std::function<void()> armed_;
    std::uint64_t after_stop_ = 0;
    bool stopped_ = false;
};

/// Its fibers hold a lock, wait for one, lead, are members, follow the group, and ask on and on, until
/// the stop has returned.
class ShutdownLife {
public:
    explicit ShutdownLife(Runtime& runtime) : runtime_(runtime) {}
    virtual ~ShutdownLife() = default;
    /// Throws Error when the backend cannot be reached.
    virtual void start(std::unique_ptr<Driver> driver) = 0;
    virtual void spawn_users(TaskGroup& users) = 0;
    virtual StopReport stop(Duration limit) = 0;
    /// Whether any handle of it may still be believed.
    virtual bool believes() const = 0;

    const std::shared_ptr<LifeCallbacks> callbacks = std::make_shared<LifeCallbacks>();

protected:
    /// Between two looks of a user.
    static constexpr Duration glance = std::chrono::milliseconds(50);

    /// Again and again until the stop has returned, whatever it meets meanwhile.
    void repeat(TaskGroup& users, std::function<void()> once);
    /// As long as `wanted` says so, at most `length`.
    void stay(Duration length, const std::function<bool()>& wanted);

    Runtime& runtime_;
};

std::unique_ptr<ShutdownLife> live_with_handles(Gate& gate, Runtime& runtime,
                                                const std::string& member, TaskGroup& callbacks);
std::unique_ptr<ShutdownLife> live_with_coordinator(Gate& gate, Runtime& runtime,
                                                    const std::string& member);

}  // namespace conclave::scenarios
