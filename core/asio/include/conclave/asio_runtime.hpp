#pragma once

// The production world: fibers, clocks and sockets over the operating system. An AsioRuntime owns
// one thread on which all of its fibers run, up to four more while names are being resolved, and one
// once files are used; other threads come in through its Gate. The mirror in simulation is
// sim::Process.

#include <functional>
#include <memory>

#include "conclave/environment.hpp"
#include "conclave/gate.hpp"

namespace conclave {

struct AsioOptions {
    Observer* observer = nullptr;  ///< outlives the runtime; null ignores every event
};

class AsioRuntime final : public OwnedRuntime {
public:
    /// Starts the thread. Throws std::system_error when the machine has no room for it.
    explicit AsioRuntime(const AsioOptions& options = {});
    /// Cancels every task that came in through the gate and joins the thread. A fiber that does not
    /// end within ten seconds is unwound where it is parked.
    /// Requires: not called on this runtime's own thread.
    ~AsioRuntime() override;
    AsioRuntime(const AsioRuntime&) = delete;
    AsioRuntime& operator=(const AsioRuntime&) = delete;

    /// For code on the fibers of this runtime only.
    Runtime& runtime() noexcept;
    /// Safe from any thread. Once the runtime stops, call() throws Cancelled without effect.
    Gate& gate() noexcept override;
    void end(std::unique_ptr<OwnedRuntime> self, std::function<void()> farewell) noexcept override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Runs `main_fiber` on a fiber of a fresh runtime on the calling thread.
///
/// Blocks:  until `main_fiber` and every fiber it left behind have ended.
/// Errors:  what `main_fiber` throws.
void run_on_this_thread(const std::function<void(Runtime&)>& main_fiber,
                        const AsioOptions& options = {});

}  // namespace conclave
