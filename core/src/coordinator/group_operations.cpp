// The operations on groups: each is queued behind those before it.

#include "conclave/coordinator.hpp"
#include "coordinator_core.hpp"

namespace conclave {

namespace {

using detail::ClientCore;

/// Queues `body(client, deadline)`; the deadline counts from when its turn comes.
template <class T, class Body>
AsyncResult<T> queue(const std::shared_ptr<detail::CoordinatorCore>& core, Body body) {
    core->client().groups();  // NotImplemented now rather than at get()
    return {core, [client = core->shared_client(), body = std::move(body)] {
                return body(*client, client->operation_deadline());
            }};
}

}  // namespace

AsyncResult<void> Coordinator::create_group(const std::string& group) {
    return queue<void>(core_, [group](ClientCore& client, Deadline deadline) {
        client.groups().create_group(group, deadline);
    });
}

AsyncResult<void> Coordinator::delete_group(const std::string& group) {
    return queue<void>(core_, [group](ClientCore& client, Deadline deadline) {
        client.groups().delete_group(group, deadline);
    });
}

AsyncResult<std::vector<std::string>> Coordinator::get_groups() {
    return queue<std::vector<std::string>>(core_, [](ClientCore& client, Deadline deadline) {
        return client.groups().get_groups(deadline);
    });
}

AsyncResult<void> Coordinator::join_group(const std::string& group, const Value& capabilities) {
    return queue<void>(core_, [group, capabilities](ClientCore& client, Deadline deadline) {
        client.join(group, capabilities, deadline);
    });
}

AsyncResult<void> Coordinator::join_group_create(const std::string& group,
                                                 const Value& capabilities) {
    return queue<void>(core_, [group, capabilities](ClientCore& client, Deadline deadline) {
        client.join_create(group, capabilities, deadline);
    });
}

AsyncResult<void> Coordinator::leave_group(const std::string& group) {
    return queue<void>(core_, [group](ClientCore& client, Deadline deadline) {
        client.leave(group, deadline);
    });
}

AsyncResult<std::set<std::string>> Coordinator::get_members(const std::string& group) {
    return queue<std::set<std::string>>(core_, [group](ClientCore& client, Deadline deadline) {
        return client.groups().get_members(group, deadline);
    });
}

AsyncResult<Value> Coordinator::get_member_capabilities(const std::string& group,
                                                        const std::string& member) {
    return queue<Value>(core_, [group, member](ClientCore& client, Deadline deadline) {
        return client.groups().get_member_capabilities(group, member, deadline);
    });
}

AsyncResult<std::map<std::string, Value>> Coordinator::get_members_with_capabilities(
    const std::string& group) {
    return queue<std::map<std::string, Value>>(
        core_, [group](ClientCore& client, Deadline deadline) {
            return client.groups().get_members_with_capabilities(group, deadline);
        });
}

AsyncResult<void> Coordinator::update_capabilities(const std::string& group,
                                                   const Value& capabilities) {
    return queue<void>(core_, [group, capabilities](ClientCore& client, Deadline deadline) {
        client.groups().update_capabilities(group, capabilities, deadline);
    });
}

AsyncResult<Value> Coordinator::get_member_info(const std::string& group,
                                                const std::string& member) {
    return queue<Value>(core_, [group, member](ClientCore& client, Deadline deadline) {
        return client.groups().get_member_info(group, member, deadline);
    });
}

}  // namespace conclave
