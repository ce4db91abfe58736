#include "group_watch_core.hpp"

#include <utility>

#include "conclave/fiber.hpp"
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
std::set<MemberId> members_of(ClientCore& client, const std::string& group, TimePoint asked) {
    const Deadline deadline(saturating_add(asked, client.times().operation));
    std::set<MemberId> members;
    for (const std::string& member : client.groups().get_members(group, deadline))
        members.insert(MemberId(member));
    return members;
}
}  // namespace

void GroupWatchCore::begin() {
    asked_ = client_.runtime().clock.now();
    view_ = members_of(client_, group_, asked_);
    push({GroupEvent::Kind::snapshot, {}, view_, ++revision_, asked_});
}

void GroupWatchCore::look_around() {
    deliver_queued();
    std::optional<Hints> hints;
    if (Changes* const changes = client_.driver().changes(); changes && !ended_.is_set())
        hints.emplace(client_, *changes, Changes::Kind::group, group_);
    struct Told {
        GroupWatchCore& watch;
        ~Told() { watch.hints_ = nullptr; }
    } told{*this};
    hints_ = hints ? &*hints : nullptr;
    for (;;) {
        if (rest() == Wake::cancelled || ended_.is_set()) return;
        look();
        deliver_queued();
    }
}

// Until the next look, or the end.
Wake GroupWatchCore::rest() {
    if (hints_) return hints_->wait(hints_->next_look(Deadline::never()));
    Runtime& runtime = client_.runtime();
    return ended_.wait(runtime.after(jittered(runtime.random, client_.times().poll)));
}

void GroupWatchCore::look() {
    const TimePoint asked = client_.runtime().clock.now();
    try {
        note(members_of(client_, group_, asked), asked);
    } catch (const GroupNotCreated&) {
        note({}, asked);  // a deleted group is an empty one: its members have left
    } catch (const Error&) {
        gap_ = true;
    }
}

void GroupWatchCore::note(const std::set<MemberId>& members, TimePoint asked) {
    const std::set<MemberId> before = std::exchange(view_, members);
    asked_ = asked;
    if (gap_) return resync();
    const auto tell = [&](GroupEvent::Kind kind, const MemberId& member) {
        push({kind, member, {}, ++revision_, asked});
    };
    for (const MemberId& member : members)
        if (!before.contains(member)) tell(GroupEvent::Kind::joined, member);
    for (const MemberId& member : before)
        if (!members.contains(member)) tell(GroupEvent::Kind::left, member);
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
    push({GroupEvent::Kind::resynced, {}, view_, ++revision_, asked_});
}

std::optional<GroupEvent> GroupWatchCore::next(Deadline deadline, Interrupt* interrupt) {
    const Interrupt::Waking waking(interrupt, [this] { readers_.notify_all(); });
    while (queue_.empty()) {
        if (ended_.is_set()) return std::nullopt;
        if (interrupt && interrupt->requested()) {
            if (!client_.is_started()) return std::nullopt;
            throw Cancelled("waiting for the next event");
        }
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
        if (gap_) return;  // what is queued would hide the hole before it
    }
}

/// One event on its way through the executor, which may run it, drop it, and do so anywhere.
struct GroupWatchCore::Delivery {
    Delivery(std::shared_ptr<GroupWatchCore> to, GroupEvent what)
        : watch(std::move(to)), event(std::move(what)) {}
    ~Delivery() { fail("the executor dropped its task"); }
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;

    void run() {
        if (!over.test_and_set()) watch->run_callback(event);
    }
    void fail(const std::string& why) {
        if (!over.test_and_set()) watch->end_delivery("executor_failed", why, true);
    }

    const std::shared_ptr<GroupWatchCore> watch;
    const GroupEvent event;
    std::atomic_flag over;
};

// The executor is the application's too: it may run the callback at once, and wait.
void GroupWatchCore::hand_over(const GroupEvent& event) {
    pending_ = true;
    const auto delivery = std::make_shared<Delivery>(shared_from_this(), event);
    client_.callbacks().begin(group_, [delivery] {
        try {
            delivery->watch->delivery_.executor([delivery] { delivery->run(); });
        } catch (const std::exception& error) {
            delivery->fail(error.what());
        } catch (...) {
            delivery->fail("it threw what is no std::exception");
        }
    });
}

void GroupWatchCore::run_callback(const GroupEvent& event) {
    caller_ = running_caller();
    const std::string failure = closed_ ? std::string() : failure_of_callback(event);
    caller_ = nullptr;
    caller_.notify_all();
    end_delivery("watch_callback_threw", failure, false);
}

std::string GroupWatchCore::failure_of_callback(const GroupEvent& event) const {
    try {
        delivery_.callback(event);
    } catch (const Killed&) {
        throw;
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "it threw what is no std::exception";
    }
    return {};
}

// An executor that fails once may fail with every look: that is told once.
void GroupWatchCore::end_delivery(const char* trouble, const std::string& what, bool lost) {
    const auto client = client_for_threads_.lock();
    if (!client) return;
    client->post([self = shared_from_this(), trouble, what, lost] {
        self->pending_ = false;
        self->gap_ = self->gap_ || lost;
        const bool troubled = std::exchange(self->troubled_, lost);
        if (!what.empty() && !self->ended_.is_set() && !(troubled && lost))
            self->client_.observe(Event::Severity::error, trouble, what);
        self->finished_.notify_all();
    });
}

bool GroupWatchCore::wait_for_others(const void* caller, Deadline deadline) {
    for (const void* each = caller_; each && each != caller; each = caller_)
        if (finished_.wait(deadline) != Wake::notified) return false;
    return true;
}

void GroupWatchCore::wait_on_this_thread() const noexcept {
    const void* const self = running_caller();
    for (const void* each = caller_; each && each != self; each = caller_) caller_.wait(each);
}

void GroupWatchCore::close() noexcept {
    forbid();
    ended_.set();
    if (hints_) hints_->end();
    readers_.notify_all();
    finished_.notify_all();
}

}  // namespace conclave::detail
