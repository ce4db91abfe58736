// Starting, and stopping within a bound.

#include <exception>

#include "client_core.hpp"
#include "conclave/fiber.hpp"
#include "group_watch_core.hpp"
#include "hints.hpp"
#include "interrupt.hpp"

namespace conclave::detail {

namespace {
template <class Step>
void quietly(ClientCore& core, Step&& step) {
    try {
        step();
    } catch (const Error& error) {
        core.observe(Event::Severity::warning, "stop_step_failed", error.what());
    }
}

/// Until no task is left; at the deadline they are cancelled.
void drain(Runtime& runtime, TaskGroup& tasks, Deadline deadline) {
    if (tasks.size() == 0 || running_fiber()->killed) return;
    TaskGroup limit(runtime.scheduler);
    limit.spawn([&] {
        if (sleep_until(runtime, deadline)) tasks.cancel();
    });
    tasks.join();
    limit.cancel();
    limit.join();
}
}  // namespace

void ClientCore::start(bool with_heart) {
    if (started_) throw Error("Can not start a driver which has not been stopped");
    connect_and_beat();
    joined_groups_.clear();
    unfinished_leaves_.clear();
    memberships_.clear();
    background_ = std::make_unique<TaskGroup>(runtime().scheduler);
    operations_ = std::make_unique<TaskGroup>(runtime().scheduler);
    guards_ = std::make_unique<TaskGroup>(runtime().scheduler);
    watches_.clear();
    stopping_.reset();
    thread_ = running_thread();
    open_ = started_ = true;
    if (with_heart) start_heart();
}

void ClientCore::connect_and_beat() {
    std::exception_ptr failure;
    try {
        driver_->start(operation_deadline());
        require(driver_->claims(), requirements_);
        beat_timeout_ = driver_->heartbeat(operation_deadline()).timeout;
    } catch (const Error&) {
        failure = std::current_exception();
    }
    if (!failure) return;
    // Outside the handler, because it parks. What was connected must not stay behind.
    driver_->stop(operation_deadline());
    std::rethrow_exception(failure);
}

StopReport ClientCore::stop(Deadline deadline, const void* caller) {
    if (!started_) return after_another_stop(deadline, caller);
    started_ = false;
    end_waits();
    stop_heart();
    guards_->cancel();
    guards_->join();
    auto held = end_beliefs();
    drain(runtime(), *operations_, deadline);
    // A join under way ends first, and is left too; those behind it find the client stopped.
    const bool in_turn = membership_turn_.lock(deadline) == Wake::notified;
    for (auto& late : end_beliefs()) held.push_back(std::move(late));
    give_up_everything(held, deadline);
    if (in_turn) membership_turn_.unlock();
    wait_for_handles(deadline);
    callbacks_->wait_for_others(caller, deadline);
    wait_for_watches(caller, deadline);
    // What an acquisition under way still gets is given back.
    calls_.wait_for_others(deadline);
    calls_.cancel_others();
    drain(runtime(), *background_, deadline);
    open_ = false;
    quietly(*this, [&] { driver_->stop(deadline); });
    stopped_.set();
    return still_running(caller);
}

// A callback would wait for whom it keeps waiting.
StopReport ClientCore::after_another_stop(Deadline deadline, const void* caller) {
    if (!is_callback(caller)) stopped_.wait(deadline);
    return still_running(caller);
}

void ClientCore::end_waits() {
    stopped_.reset();
    stopping_.set();
    const std::vector<std::shared_ptr<Interrupt>> waits = waits_;
    for (const auto& each : waits) each->request();
    for (Hints* const each : hints_) each->end();
    for (const auto& watch : live_watches()) watch->close();
}

// Everybody is told before anything is given up: that may take a while.
std::vector<std::shared_ptr<Hold>> ClientCore::end_beliefs() {
    std::vector<std::shared_ptr<Hold>> held = held_;
    for (const auto& hold : held) end(*hold);
    for (const auto& hold : held) tell(hold);
    return held;
}

void ClientCore::give_up_everything(const std::vector<std::shared_ptr<Hold>>& held,
                                    Deadline deadline) {
    std::set<std::string> joined = std::exchange(joined_groups_, {});
    joined.merge(unfinished_leaves_);
    for (const std::string& group : joined)
        quietly(*this, [&] { groups().leave_group(group, deadline); });
    for (const auto& hold : held)
        if (hold->kind != HoldKind::membership && !hold->handed_out)
            quietly(*this, [&] { give_back(hold->kind, hold->lease, deadline); });
}

bool ClientCore::wait_for_handles(Deadline deadline) {
    const std::vector<std::shared_ptr<Hold>> owned = handed_out_;
    for (const auto& hold : owned)
        if (hold->kind != HoldKind::membership &&
            hold->given_up.wait(deadline) != Wake::notified)
            return false;
    return true;
}

void ClientCore::add_watch(const std::shared_ptr<GroupWatchCore>& watch) {
    std::erase_if(watches_, [](const auto& each) { return each.expired(); });
    watches_.push_back(watch);
    background_->spawn([watch] { watch->look_around(); });
}

std::vector<std::shared_ptr<GroupWatchCore>> ClientCore::live_watches() const {
    std::vector<std::shared_ptr<GroupWatchCore>> live;
    for (const auto& each : watches_)
        if (auto watch = each.lock()) live.push_back(std::move(watch));
    return live;
}

bool ClientCore::wait_for_watches(const void* caller, Deadline deadline) {
    for (const auto& watch : live_watches())
        if (!watch->wait_for_others(caller, deadline)) return false;
    return true;
}

bool ClientCore::is_callback(const void* caller) const {
    for (const auto& watch : live_watches())
        if (watch->caller() == caller) return true;
    return callbacks_->runs(caller);
}

StopReport ClientCore::still_running(const void* caller) const {
    std::set<std::string> names;
    for (const auto& hold : handed_out_)
        if (hold->kind != HoldKind::membership) names.insert(hold->lease.name);
    for (std::string& name : callbacks_->others(caller)) names.insert(std::move(name));
    for (const auto& watch : live_watches())
        if (watch->caller() && watch->caller() != caller) names.insert(watch->group());
    return {{names.begin(), names.end()}};
}

}  // namespace conclave::detail
