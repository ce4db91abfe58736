#pragma once

// The outcome of an operation that was begun and not waited for. Copies are the same outcome; any
// thread may wait.

#include <chrono>
#include <functional>
#include <memory>
#include <type_traits>

#include "conclave/result.hpp"
#include "conclave/time.hpp"

namespace conclave {

namespace detail {
class CoordinatorCore;

/// The part that does not depend on the result's type.
class AsyncState {
public:
    explicit AsyncState(std::shared_ptr<CoordinatorCore> core);
    ~AsyncState();
    AsyncState(const AsyncState&) = delete;
    AsyncState& operator=(const AsyncState&) = delete;

    /// Queues `job` behind what was submitted before.
    static void submit(const std::shared_ptr<AsyncState>& state, std::function<void()> job);
    /// Waits for the job's end. Throws what it threw, or OperationTimedOut.
    void wait(Duration timeout);
    bool done() const noexcept;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};
}  // namespace detail

/// An operation of a Coordinator that was begun: it goes on whether or not anybody waits for it.
/// Source: tooz coordination.CoordAsyncResult; a result may be asked for again here.
template <class T>
class AsyncResult {
public:
    using Stored = std::conditional_t<std::is_void_v<T>, Done, T>;

    /// Runs `job` after everything submitted to the same coordinator before.
    template <class Job>
    AsyncResult(std::shared_ptr<detail::CoordinatorCore> core, Job job)
        : state_(std::make_shared<detail::AsyncState>(std::move(core))),
          value_(std::make_shared<Stored>()) {
        detail::AsyncState::submit(state_, [value = value_, job = std::move(job)]() mutable {
            if constexpr (std::is_void_v<T>) job();
            else *value = job();
        });
    }

    /// The result; may be asked for again.
    ///
    /// Blocks:  at most `timeout`, an ordinary thread; a fiber parks.
    /// Limits:  zero or less asks whether it is done.
    /// Errors:  what the operation failed with, and its effect; unknown - OperationTimedOut when it is
    ///          not done yet: the operation itself goes on. none - Cancelled when the coordinator
    ///          ended before its turn came
    T get(Duration timeout = std::chrono::seconds(10)) const {
        state_->wait(timeout);
        if constexpr (!std::is_void_v<T>) return *value_;
    }
    /// Whether get() would return or throw at once. Never blocks.
    bool done() const noexcept { return state_->done(); }

private:
    std::shared_ptr<detail::AsyncState> state_;
    std::shared_ptr<Stored> value_;
};

}  // namespace conclave
