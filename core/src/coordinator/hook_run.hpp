#pragma once

// The hooks that one pass over the views made due. Found on a runtime fiber, run on the caller.

#include <exception>
#include <functional>

#include "coordinator_core.hpp"

namespace conclave::detail {

class HookRun {
public:
    /// Queues every hook of `group`; each is copied, since hooks may watch and unwatch.
    template <class Event>
    void all(const Watches<Event>& watches, const std::string& group, const Event& event) {
        const auto found = watches.find(group);
        if (found == watches.end()) return;
        for (const Watch<Event>& watch : found->second)
            due_.push_back([hook = watch.hook, event] { return hook(event); });
    }
    /// Queues a read of `group` for every follower that knows another view of it.
    void read(const Followers& followers, const std::string& group, const View& view) {
        const auto found = followers.find(group);
        if (found == followers.end()) return;
        for (const Follower& each : found->second)
            if (!each.agrees_with(view))
                due_.push_back([read = each.read] {
                    read();
                    return Value();
                });
    }
    /// The backend failed after some hooks were due: they still run, then this is thrown.
    void fail(std::exception_ptr failure) {
        if (!failure_) failure_ = std::move(failure);
    }

    /// Runs all of them, then throws what failed first; returns what they returned. Once the
    /// coordinator stops none begins any more, and that is a failure too.
    std::vector<Value> finish(CoordinatorCore& core) {
        if (due_.empty()) return done({});
        const HooksRunning running(core);
        std::vector<Value> results;
        for (const auto& hook : due_) {
            try {
                core.require_hooks();
                results.push_back(hook());
            } catch (const std::exception&) {
                fail(std::current_exception());
            }
        }
        return done(std::move(results));
    }

private:
    std::vector<Value> done(std::vector<Value> results) const {
        if (failure_) std::rethrow_exception(failure_);
        return results;
    }

    std::vector<std::function<Value()>> due_;
    std::exception_ptr failure_;
};

}  // namespace conclave::detail
