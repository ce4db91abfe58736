#pragma once

// What a coordinator tells its hooks. Plain values.

#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>

#include "conclave/value.hpp"

namespace conclave {

/// Somebody is a member who was none at the last look. Source: tooz coordination.MemberJoinedGroup.
struct MemberJoinedGroup {
    std::string group_id;
    std::string member_id;
};
/// Somebody is no member any more: it left, lapsed, or the group was deleted.
/// Source: tooz coordination.MemberLeftGroup.
struct MemberLeftGroup {
    std::string group_id;
    std::string member_id;
};
/// This member, `member_id`, leads now. Source: tooz coordination.LeaderElected.
struct LeaderElected {
    std::string group_id;
    std::string member_id;
};
/// Not in the seed: this member no longer leads, by the local deadline or by the backend's word.
struct LeadershipLost {
    std::string group_id;
    std::string member_id;
};

/// A callback: of a const reference to the event, returning nothing or what a Value can be made of.
/// What it returns is collected by run_watchers(), nothing as null; what it throws leaves
/// run_watchers() once all hooks have run. It runs inside the caller of run_watchers(), and may call
/// the coordinator. Source: tooz coordination.Hooks.
template <class Event>
class Hook {
public:
    template <class Callable>
        requires(std::is_invocable_v<Callable&, const Event&> &&
                 !std::is_same_v<std::decay_t<Callable>, Hook>)
    Hook(Callable callable)
        : call_([callable = std::move(callable)](const Event& event) mutable -> Value {
              if constexpr (std::is_void_v<std::invoke_result_t<Callable&, const Event&>>) {
                  callable(event);
                  return {};
              } else {
                  return Value(callable(event));
              }
          }) {}
    Value operator()(const Event& event) const { return call_(event); }

private:
    std::function<Value(const Event&)> call_;
};
/// Names one registration of a hook; from watch_*, for unwatch_*.
struct WatchId {
    std::uint64_t number = 0;
    friend bool operator==(const WatchId&, const WatchId&) = default;
};

}  // namespace conclave
