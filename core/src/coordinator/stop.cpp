// Stopping a coordinator, and what stop() has to know of hooks.

#include <algorithm>

#include "../client/acquisition.hpp"
#include "coordinator_core.hpp"

namespace conclave::detail {

void CoordinatorCore::require_hooks() const {
    if (stopping_ || !client_->is_started())
        throw Cancelled("the coordinator stopped before every hook had run");
}

void CoordinatorCore::hooks_begin(const void* caller) {
    client_->on_runtime([&] { hook_callers_.push_back(caller); });
}

// Not waited for: a fiber that unwinds because its process dies cannot park.
void CoordinatorCore::hooks_end(const void* caller) {
    client_->post([self = shared_from_this(), caller] {
        std::vector<const void*>& callers = self->hook_callers_;
        callers.erase(std::find(callers.begin(), callers.end(), caller));
        self->idle_.notify_all();
    });
}

bool CoordinatorCore::hooks_of_others(const void* caller) const {
    return std::any_of(hook_callers_.begin(), hook_callers_.end(),
                       [caller](const void* each) { return each != caller; });
}

bool CoordinatorCore::wait_for_hooks(const void* caller, Deadline deadline) {
    while (hooks_of_others(caller))
        if (idle_.wait(deadline) != Wake::notified) return false;
    return true;
}

StopReport CoordinatorCore::with_hooks(StopReport report, const void* caller) const {
    if (hooks_of_others(caller)) report.still_running.emplace_back("hooks");
    return report;
}

StopReport CoordinatorCore::stop(Duration limit, const void* caller) {
    const Deadline deadline = runtime().after(limit);
    if (stopping_) return after_another_stop(deadline, caller);
    client_->require_started();
    struct Stopping {
        CoordinatorCore& core;
        ~Stopping() {
            core.stopping_ = false;
            core.idle_.notify_all();
        }
    } stopping{*this};
    stopping_ = true;  // else whoever goes on submitting would keep us waiting
    wait_for_operations(deadline);
    campaigns_.clear();
    StopReport report = client_->stop(deadline, caller);
    wait_for_hooks(caller, deadline);
    leaderships_.clear();
    campaigns_.clear();
    views_.clear();
    return with_hooks(std::move(report), caller);
}

// A callback, or a hook, would wait for whom it keeps waiting.
StopReport CoordinatorCore::after_another_stop(Deadline deadline, const void* caller) {
    const bool hook = std::find(hook_callers_.begin(), hook_callers_.end(), caller) !=
                      hook_callers_.end();
    if (!hook && !client_->is_callback(caller))
        while (stopping_)
            if (idle_.wait(deadline) != Wake::notified) break;
    return with_hooks(client_->still_running(caller), caller);
}

}  // namespace conclave::detail
