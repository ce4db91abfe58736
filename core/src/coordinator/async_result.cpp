#include "conclave/async_result.hpp"

#include <atomic>
#include <exception>

#include "coordinator_core.hpp"

namespace conclave::detail {

struct AsyncState::Parts {
    explicit Parts(std::shared_ptr<CoordinatorCore> owner)
        : core(std::move(owner)), ended(core->runtime().scheduler) {}
    std::shared_ptr<CoordinatorCore> core;
    Latch ended;                  ///< on the runtime's fibers only
    std::exception_ptr failure;   ///< written before `done`
    std::atomic<bool> done = false;
};

AsyncState::AsyncState(std::shared_ptr<CoordinatorCore> core)
    : parts_(std::make_unique<Parts>(std::move(core))) {}
AsyncState::~AsyncState() = default;

bool AsyncState::done() const noexcept { return parts_->done; }

void AsyncState::submit(const std::shared_ptr<AsyncState>& state, std::function<void()> job) {
    const std::shared_ptr<CoordinatorCore> core = state->parts_->core;
    core->enqueue([state, job = std::move(job)] {
        Parts& parts = *state->parts_;
        try {
            parts.core->client().require_started();
            job();
        } catch (const std::exception&) {
            parts.failure = std::current_exception();
        }
        parts.done = true;
        parts.ended.set();
    });
}

void AsyncState::wait(Duration timeout) {
    if (!parts_->done) {
        ClientCore& client = parts_->core->client();
        const Deadline deadline = client.runtime().after(timeout);
        client.on_runtime([&] { parts_->ended.wait(deadline); });
    }
    if (!parts_->done)
        throw OperationTimedOut("the operation is not done yet", Effect::unknown);
    if (parts_->failure) std::rethrow_exception(parts_->failure);
}

}  // namespace conclave::detail
