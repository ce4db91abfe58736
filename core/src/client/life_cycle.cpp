// Starting, and stopping within a bound.

#include <exception>

#include "client_core.hpp"
#include "group_watch_core.hpp"

namespace conclave::detail {

template <class Step>
void ClientCore::quietly(Step&& step) {
    try {
        step();
    } catch (const Error& error) {
        observe(Event::Severity::warning, "stop_step_failed", error.what());
    }
}

void ClientCore::start(bool with_heart) {
    if (started_) throw Error("Can not start a driver which has not been stopped");
    connect_and_beat();
    joined_groups_.clear();
    unfinished_leaves_.clear();
    memberships_.clear();
    background_ = std::make_unique<TaskGroup>(runtime().scheduler);
    guards_ = std::make_unique<TaskGroup>(runtime().scheduler);
    stopping_.reset();
    open_ = started_ = true;
    if (with_heart) start_heart();
}

void ClientCore::connect_and_beat() {
    std::exception_ptr failure;
    try {
        driver_->start(operation_deadline());
        beat_timeout_ = driver_->heartbeat(operation_deadline()).timeout;
    } catch (const Error&) {
        failure = std::current_exception();
    }
    if (!failure) return;
    // Outside the handler, because it parks. What was connected must not stay behind.
    driver_->stop(operation_deadline());
    std::rethrow_exception(failure);
}

StopReport ClientCore::stop(Deadline deadline) {
    if (!started_) throw Error("Can not stop a driver which has not been started");
    started_ = false;
    stopping_.set();
    stop_heart();
    guards_->cancel();
    guards_->join();
    end_everything(deadline);
    StopReport report{wait_for_handles(deadline)};
    for (std::string& name : end_watches(deadline)) report.still_running.push_back(std::move(name));
    drain_background(deadline);
    open_ = false;
    driver_->stop(deadline);
    return report;
}

// Everybody is told before anything is given up: that may take a while.
void ClientCore::end_everything(Deadline deadline) {
    const std::vector<std::shared_ptr<Hold>> held = held_;
    for (const auto& hold : held) end(*hold);
    for (const auto& hold : held) hold->lost_signal.request_stop();
    std::set<std::string> joined = std::exchange(joined_groups_, {});
    joined.merge(unfinished_leaves_);
    for (const std::string& group : joined)
        quietly([&] { groups().leave_group(group, deadline); });
    for (const auto& hold : held)
        if (hold->kind != HoldKind::membership && !hold->handed_out)
            quietly([&] { give_back(hold->kind, hold->lease, deadline); });
}

std::vector<std::string> ClientCore::wait_for_handles(Deadline deadline) {
    std::vector<std::string> left;
    const std::vector<std::shared_ptr<Hold>> owned = handed_out_;
    for (const auto& hold : owned) {
        if (hold->kind == HoldKind::membership) continue;
        if (hold->given_up.wait(deadline) != Wake::notified) left.push_back(hold->lease.name);
    }
    return left;
}

void ClientCore::add_watch(const std::shared_ptr<GroupWatchCore>& watch) {
    std::erase_if(watches_, [](const auto& each) { return each.expired(); });
    watches_.push_back(watch);
    background_->spawn([watch] { watch->look_around(); });
}

std::vector<std::string> ClientCore::end_watches(Deadline deadline) {
    std::vector<std::string> left;
    const auto watches = std::exchange(watches_, {});
    for (const auto& each : watches)
        if (const auto watch = each.lock()) watch->close();
    for (const auto& each : watches) {
        const auto watch = each.lock();
        if (watch && !watch->wait_idle(deadline)) left.push_back(watch->group());
    }
    return left;
}

void ClientCore::drain_background(Deadline deadline) {
    if (background_->size() == 0) return;
    TaskGroup limit(runtime().scheduler);
    limit.spawn([&] {
        if (sleep_until(runtime(), deadline)) background_->cancel();
    });
    background_->join();
    limit.cancel();
    limit.join();
}

}  // namespace conclave::detail
