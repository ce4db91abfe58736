#pragma once

// The only way into a runtime from another thread.

#include <functional>
#include <memory>

#include "conclave/environment.hpp"

namespace conclave {

/// Runs a task on a fiber of the runtime while the calling thread waits.
///
/// Called from an ordinary thread it blocks that thread; from a fiber of the same runtime the task
/// runs inline; from the runtime's own thread outside a fiber it throws std::logic_error instead of
/// deadlocking. An exception of the task reaches the caller. AsioGate is safe from any thread;
/// InlineGate is single-threaded.
class Gate {
public:
    virtual ~Gate() = default;
    virtual void call(const std::function<void()>& task) = 0;
    /// Runs `task` on the runtime's thread without waiting for it; at once when called from there. It
    /// must not park. False, without effect, once the runtime has stopped.
    virtual bool post(std::function<void()> task) = 0;
    /// Runs `task` on a fiber of the runtime without waiting for it. It must not throw, and may find
    /// itself cancelled. False, without effect, once the runtime has stopped.
    virtual bool spawn(std::function<void()> task) = 0;
    virtual Runtime& runtime() noexcept = 0;
};

/// A runtime that its user owns, thread and all.
class OwnedRuntime {
public:
    virtual ~OwnedRuntime() = default;
    virtual Gate& gate() noexcept = 0;
    /// Runs `farewell`, which may call the gate, and ends the runtime `self` owns. From the runtime's
    /// own thread, which cannot wait for itself, another thread is started to do so.
    virtual void end(std::unique_ptr<OwnedRuntime> self, std::function<void()> farewell) noexcept = 0;
};

/// For code that already runs on a fiber of the runtime, as everything does in simulation: runs the
/// task inline.
class InlineGate final : public Gate {
public:
    explicit InlineGate(Runtime& runtime) noexcept : runtime_(runtime) {}
    void call(const std::function<void()>& task) override { task(); }
    bool post(std::function<void()> task) override {
        task();
        return true;
    }
    bool spawn(std::function<void()> task) override { return post(std::move(task)); }
    Runtime& runtime() noexcept override { return runtime_; }

private:
    Runtime& runtime_;
};

}  // namespace conclave
