#pragma once

// Registering hooks and taking them back.

#include <string>

#include "coordinator_core.hpp"

namespace conclave::detail {

template <class Event>
WatchId add_watch(CoordinatorCore& core, Watches<Event>& watches, const std::string& group,
                  Hook<Event> hook) {
    const WatchId id{core.next_watch++};
    watches[group].push_back({id, std::move(hook)});
    return id;
}

template <class Event>
void remove_watch(Watches<Event>& watches, const std::string& group, WatchId id) {
    const auto found = watches.find(group);
    const std::size_t removed =
        found == watches.end()
            ? 0
            : std::erase_if(found->second, [&](const auto& watch) { return watch.id == id; });
    if (removed == 0) throw WatchCallbackNotFound(group, id.number);
    if (found->second.empty()) watches.erase(found);
}

inline void remove_follower(Followers& followers, const std::string& group, WatchId id) {
    const auto found = followers.find(group);
    if (found == followers.end()) return;
    std::erase_if(found->second, [&](const Follower& each) { return each.id == id; });
    if (found->second.empty()) followers.erase(found);
}

}  // namespace conclave::detail
