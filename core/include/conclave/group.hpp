#pragma once

// Groups: who is a member, with which capabilities, and who comes and goes.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "conclave/name.hpp"
#include "conclave/validity.hpp"
#include "conclave/value.hpp"

namespace conclave {

/// A membership that is held. See Handle; it ends when others may have seen this member gone, also
/// when the backend lists it again later. token() is 0.
class [[nodiscard]] Membership : public Handle {
public:
    /// Leaves the group. False when this join was no longer a member.
    /// Errors: unknown - ConnectionError, OperationTimedOut; the membership has ended for us.
    bool leave() { return give_up(); }
    Result<bool> try_leave();
    /// Replaces this member's capabilities.
    /// Errors: none - MemberNotJoined, GroupNotCreated, SerializationError;
    ///         unknown - ConnectionError, OperationTimedOut
    void update(const Value& capabilities);
    Result<Done> try_update(const Value& capabilities);

private:
    friend class Group;
    Membership(std::shared_ptr<detail::ClientCore> core, std::shared_ptr<detail::Hold> hold)
        : Handle(std::move(core), std::move(hold)) {}
};

/// One step of a watch. The first is a snapshot.
struct GroupEvent {
    enum class Kind : std::uint8_t {
        snapshot,  ///< `members` is who is there when the watch begins
        joined,    ///< `member` came
        left,      ///< `member` went
        resynced,  ///< changes were missed: `members` is who is there now
    };
    Kind kind = Kind::snapshot;
    MemberId member;             ///< for joined and left
    std::set<MemberId> members;  ///< for snapshot and resynced
    std::uint64_t revision = 0;  ///< grows by one with each event of this watch
};

namespace detail {
class GroupWatchCore;
}

/// A running watch. Move-only, one owner at a time. Ending it ends the watch.
///
/// Nothing is silently missed: where the backend could not be asked, or its reader fell a thousand
/// events behind, a `resynced` event says so. Between two looks at a polled backend a member may
/// come and go, or go and come back, without an event.
class [[nodiscard]] GroupWatch {
public:
    GroupWatch(GroupWatch&&) noexcept = default;
    GroupWatch& operator=(GroupWatch&& other) noexcept;
    ~GroupWatch();

    /// The next event; waits for it at most `limit`. nullopt at the limit, or once the client has
    /// stopped and every event was read.
    std::optional<GroupEvent> next(Duration limit);

private:
    friend class Group;
    GroupWatch(std::shared_ptr<detail::ClientCore> client,
               std::shared_ptr<detail::GroupWatchCore> watch)
        : client_(std::move(client)), watch_(std::move(watch)) {}
    void end() noexcept;

    std::shared_ptr<detail::ClientCore> client_;
    std::shared_ptr<detail::GroupWatchCore> watch_;
};

/// Runs a task some time later, in order: the application's event loop or thread pool strand.
using Executor = std::function<void(std::function<void()>)>;

/// A named group. Any thread, and copies of it.
class Group {
public:
    Group(std::shared_ptr<detail::ClientCore> core, GroupId id);

    /// Each blocks for its exchanges with the backend, at most the operation timeout.
    /// Errors: unknown - ConnectionError, OperationTimedOut; none - as named; NotImplemented
    void create();  ///< GroupAlreadyExist
    void remove();  ///< GroupNotCreated, GroupNotEmpty
    /// Joins, creating the group when it is missing. MemberAlreadyExist, SerializationError
    Membership join(const Value& capabilities = {});
    Result<Membership> try_join(const Value& capabilities = {});
    std::set<MemberId> members();                            ///< GroupNotCreated
    Result<std::set<MemberId>> try_members();
    std::map<MemberId, Value> members_with_capabilities();   ///< GroupNotCreated
    Value capabilities(const MemberId& member);              ///< MemberNotJoined, GroupNotCreated

    /// Watches from now on; pulled with next(). GroupNotCreated
    GroupWatch watch();
    /// The same, handed to `callback` on `executor`, one event at a time and in order. No call begins
    /// after the returned watch has ended or the client has stopped.
    GroupWatch watch(Executor executor, std::function<void(const GroupEvent&)> callback);

    const GroupId& id() const noexcept { return id_; }

private:
    std::shared_ptr<detail::ClientCore> core_;
    GroupId id_;
};

}  // namespace conclave
