#include "conclave/sync.hpp"

#include "conclave/assert.hpp"
#include "conclave/fiber.hpp"

namespace conclave {

/// Lives on the waiting fiber's stack.
struct WaitList::Node {
    detail::Fiber* fiber;
    Node* previous = nullptr;
    Node* next = nullptr;
    bool notified = false;
};

WaitList::~WaitList() { CONCLAVE_ASSERT(empty()); }

Wake WaitList::wait(Deadline deadline) {
    Node node{detail::running_fiber()};
    CONCLAVE_ASSERT(node.fiber);
    node.previous = last_;
    (last_ ? last_->next : first_) = &node;
    last_ = &node;
    // Also when park() throws because the simulated process died.
    struct Unlink {
        WaitList& list;
        Node& target;
        ~Unlink() {
            if (!target.notified) list.remove(target);
        }
    } unlink{*this, node};
    for (;;) {
        const Wake wake = scheduler_.park(deadline);
        if (node.notified) return Wake::notified;
        if (wake != Wake::notified) return wake;
        // A permit left over from an earlier wait: not ours.
    }
}

void WaitList::remove(Node& node) noexcept {
    (node.previous ? node.previous->next : first_) = node.next;
    (node.next ? node.next->previous : last_) = node.previous;
}

bool WaitList::notify_one() noexcept {
    Node* const node = first_;
    if (!node) return false;
    remove(*node);
    node->notified = true;
    scheduler_.unpark(*node->fiber);
    return true;
}

void WaitList::notify_all() noexcept {
    while (notify_one()) {
    }
}

bool sleep_until(Runtime& runtime, Deadline deadline) {
    for (;;) {
        const Wake wake = runtime.scheduler.park(deadline);
        if (wake == Wake::timed_out) return true;
        if (wake == Wake::cancelled) return false;
    }
}

bool sleep_for(Runtime& runtime, Duration length) {
    return sleep_until(runtime, runtime.after(length));
}

void Latch::set() noexcept {
    set_ = true;
    waiters_.notify_all();
}

Wake Latch::wait(Deadline deadline) {
    if (set_) return Wake::notified;
    return waiters_.wait(deadline);
}

Wake FiberMutex::lock(Deadline deadline) {
    if (!locked_) {
        locked_ = true;
        return Wake::notified;
    }
    return waiters_.wait(deadline);
}

void FiberMutex::unlock() noexcept {
    // Handed over directly, so that a newcomer cannot overtake the one who waited longest.
    if (!waiters_.notify_one()) locked_ = false;
}

}  // namespace conclave
