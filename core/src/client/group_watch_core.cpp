#include "group_watch_core.hpp"

#include "conclave/jitter.hpp"

namespace conclave::detail {

GroupWatchCore::GroupWatchCore(ClientCore& client, std::string group, WatchDelivery delivery)
    : client_(client),
      client_for_threads_(client.weak_from_this()),
      group_(std::move(group)),
      delivery_(std::move(delivery)),
      readers_(client.runtime().scheduler),
      ended_(client.runtime().scheduler),
      finished_(client.runtime().scheduler) {}

namespace {
std::set<MemberId> members_of(ClientCore& client, const std::string& group) {
    std::set<MemberId> members;
    for (const std::string& member :
         client.groups().get_members(group, client.operation_deadline()))
        members.insert(MemberId(member));
    return members;
}
}  // namespace

void GroupWatchCore::begin() {
    view_ = members_of(client_, group_);
    push({GroupEvent::Kind::snapshot, {}, view_, ++revision_});
}

void GroupWatchCore::look_around() {
    Runtime& runtime = client_.runtime();
    deliver_queued();
    for (;;) {
        const Deadline next = runtime.after(jittered(runtime.random, client_.times().poll));
        if (ended_.wait(next) != Wake::timed_out) return;
        look();
        deliver_queued();
    }
}

void GroupWatchCore::look() {
    try {
        note(members_of(client_, group_));
    } catch (const GroupNotCreated&) {
        note({});  // a deleted group is an empty one: its members have left
    } catch (const Error&) {
        gap_ = true;
    }
}

void GroupWatchCore::note(const std::set<MemberId>& members) {
    const std::set<MemberId> before = std::exchange(view_, members);
    if (gap_) return resync();
    for (const MemberId& member : members)
        if (!before.contains(member)) push({GroupEvent::Kind::joined, member, {}, ++revision_});
    for (const MemberId& member : before)
        if (!members.contains(member)) push({GroupEvent::Kind::left, member, {}, ++revision_});
}

void GroupWatchCore::push(GroupEvent event) {
    if (queue_.size() >= queue_max) return resync();
    queue_.push_back(std::move(event));
    readers_.notify_one();
}

// What is queued is older than the view, and its reader will not miss it.
void GroupWatchCore::resync() {
    gap_ = false;
    queue_.clear();
    push({GroupEvent::Kind::resynced, {}, view_, ++revision_});
}

std::optional<GroupEvent> GroupWatchCore::next(Deadline deadline) {
    while (queue_.empty()) {
        if (ended_.is_set()) return std::nullopt;
        if (readers_.wait(deadline) != Wake::notified) return std::nullopt;
    }
    std::optional<GroupEvent> event(std::move(queue_.front()));
    queue_.pop_front();
    return event;
}

void GroupWatchCore::deliver_queued() {
    if (!delivery_.callback) return;
    while (!queue_.empty() && !ended_.is_set()) {
        const GroupEvent event = std::move(queue_.front());
        queue_.pop_front();
        hand_over(event);
        // One at a time: what piles up meanwhile is bounded by our own queue.
        while (pending_ && !ended_.is_set())
            if (finished_.wait(Deadline::never()) != Wake::notified) return;
    }
}

void GroupWatchCore::hand_over(const GroupEvent& event) {
    pending_ = true;
    try {
        delivery_.executor([self = shared_from_this(), event] { self->run_callback(event); });
    } catch (const std::exception& error) {
        pending_ = false;
        gap_ = true;
        client_.observe(Event::Severity::error, "executor_failed", error.what());
    }
}

void GroupWatchCore::run_callback(const GroupEvent& event) noexcept {
    std::string failure;
    running_ = true;
    try {
        if (!closed_) delivery_.callback(event);
    } catch (const std::exception& error) {
        failure = error.what();
    }
    running_ = false;
    const auto client = client_for_threads_.lock();
    if (!client) return;
    client->post([self = shared_from_this(), failure] {
        self->pending_ = false;
        if (!failure.empty())
            self->client_.observe(Event::Severity::error, "watch_callback_threw", failure);
        self->finished_.notify_all();
    });
}

bool GroupWatchCore::wait_idle(Deadline deadline) {
    while (running_)
        if (finished_.wait(deadline) != Wake::notified) return false;
    return true;
}

void GroupWatchCore::close() noexcept {
    closed_ = true;
    ended_.set();
    readers_.notify_all();
    finished_.notify_all();
}

}  // namespace conclave::detail
