// First come, first served: the operations of one coordinator.

#include "coordinator_core.hpp"

namespace conclave::detail {

CoordinatorCore::CoordinatorCore(std::shared_ptr<ClientCore> client)
    : client_(std::move(client)),
      idle_(client_->runtime().scheduler),
      watching_(client_->runtime().scheduler) {}

void CoordinatorCore::enqueue(std::function<void()> job) {
    client_->require_started();
    if (stopping_) throw Cancelled("the coordinator is stopping");
    const bool accepted = client_->post([self = shared_from_this(), job = std::move(job)] {
        self->operations_.push_back(job);
        if (self->working_) return;
        self->working_ = true;
        self->client_->background().spawn([self] { self->work(); });
    });
    if (!accepted) throw Cancelled("the runtime has stopped");
}

void CoordinatorCore::work() {
    while (!operations_.empty()) {
        const std::function<void()> job = std::move(operations_.front());
        operations_.pop_front();
        job();
    }
    working_ = false;
    idle_.notify_all();
}

void CoordinatorCore::forget_operations() noexcept { operations_.clear(); }

bool CoordinatorCore::wait_for_operations(Deadline deadline) {
    while (working_)
        if (idle_.wait(deadline) != Wake::notified) return false;
    return true;
}

}  // namespace conclave::detail
