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

/// A membership that is held, see Handle. It ends when others may have seen this member gone, also when
/// the backend lists it again later. token() is 0.
class [[nodiscard]] Membership : public Handle {
public:
    Membership() = default;
    /// Leaves the group. False when this join was no longer a member.
    ///
    /// Blocks:  as update(): for its exchanges with the backend, at most the operation timeout
    /// Errors:  unknown - ConnectionError, OperationTimedOut; the membership has ended for us in any
    ///          case. It is left again with each beat, until it has lapsed
    bool leave() { return give_up(); }
    Result<bool> try_leave();
    /// Replaces this member's capabilities. Limits: as Group::join().
    ///
    /// Blocks:  for one exchange with the backend, at most the operation timeout.
    /// Errors:  none    - MemberNotJoined, also when this membership has ended or another one of this
    ///                    client came after it, GroupNotCreated, SerializationError
    ///          unknown - ConnectionError, OperationTimedOut; it may be repeated
    void update(const Value& capabilities);
    Result<Done> try_update(const Value& capabilities);

private:
    friend struct detail::Asynchronous;
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
    TimePoint asked{};           ///< by our clock: what is told was so then or later
};

namespace detail {
class GroupWatchCore;
}

/// A running watch. Move-only, one owner at a time. Ending it ends the watch: no callback begins after
/// that. One that runs is waited for by an ordinary thread, but not within the callback itself; a fiber
/// of the runtime, and its thread, do not wait, so there a callback may outlive its watch.
///
/// Nothing is silently missed: where the backend could not be asked, or its reader fell a thousand
/// events behind, a `resynced` event says so. Between two looks at a polled backend a member may
/// come and go, or go and come back, without an event.
class [[nodiscard]] GroupWatch {
public:
    GroupWatch() = default;  ///< ended already
    GroupWatch(GroupWatch&&) noexcept = default;
    GroupWatch& operator=(GroupWatch&& other) noexcept;
    ~GroupWatch();

    /// The next event; nullopt at the limit, or once the client has stopped and every event was read.
    /// Blocks at most `limit`; zero or less asks whether there is one. Throws nothing of the backend's.
    std::optional<GroupEvent> next(Duration limit);

private:
    friend struct detail::Asynchronous;
    friend class Group;
    GroupWatch(std::shared_ptr<detail::ClientCore> client,
               std::shared_ptr<detail::GroupWatchCore> watch)
        : client_(std::move(client)), watch_(std::move(watch)) {}
    void end() noexcept;

    std::shared_ptr<detail::ClientCore> client_;
    std::shared_ptr<detail::GroupWatchCore> watch_;
};

/// Runs a task, once and in order: the application's event loop or a strand of its thread pool. It is
/// called on a fiber of the client's own loop. One that runs the task inline does so there: the
/// callback may use the API, but whatever else blocks its thread holds up the client's renewals.
using Executor = std::function<void(std::function<void()>)>;

/// A named group. Any thread, and copies of it. Each try_x() is x() with what it throws as a Failure.
///
/// Blocks:  each for its exchanges with the backend, at most the operation timeout
/// Errors:  none    - those named at each; NotImplemented; AccessDenied; Error when the client has
///                    stopped or the backend refuses the name
///          unknown - ConnectionError, OperationTimedOut; of what only reads they have no effect
class Group {
public:
    /// As Client::group(). Errors: none - Error for an empty name.
    Group(std::shared_ptr<detail::ClientCore> core, GroupId id);

    void create();  ///< GroupAlreadyExist
    Result<Done> try_create();
    void remove();  ///< GroupNotCreated, GroupNotEmpty
    Result<Done> try_remove();
    /// Joins, creating the group when it is missing. A client is in a group once.
    ///
    /// Limits:  capabilities as Value says; their size is the backend's to bound
    /// Errors:  none    - MemberAlreadyExist, SerializationError
    ///          unknown - this member may be in the group; it is left again in the background
    Membership join(const Value& capabilities = {});
    Result<Membership> try_join(const Value& capabilities = {});
    std::set<MemberId> members();  ///< GroupNotCreated
    Result<std::set<MemberId>> try_members();
    std::map<MemberId, Value> members_with_capabilities();  ///< GroupNotCreated, SerializationError
    Result<std::map<MemberId, Value>> try_members_with_capabilities();
    /// Null when it gave none. MemberNotJoined, GroupNotCreated, SerializationError
    Value capabilities(const MemberId& member);
    Result<Value> try_capabilities(const MemberId& member);

    /// Watches from now on; pulled with next(). Blocks for the snapshot. Errors: all without an
    /// effect; none - GroupNotCreated. A group that is deleted later is an empty one.
    GroupWatch watch();
    Result<GroupWatch> try_watch();
    /// The same, handed to `callback` on `executor`, one event at a time and in order. No call begins
    /// after the returned watch has ended or the client has stopped. The callback may call this
    /// library; what it throws is told to the observer, and the next event comes. Where the executor
    /// throws, or drops the task, a `resynced` event follows.
    GroupWatch watch(Executor executor, std::function<void(const GroupEvent&)> callback);
    Result<GroupWatch> try_watch(Executor executor,
                                 std::function<void(const GroupEvent&)> callback);

    const GroupId& id() const noexcept { return id_; }

private:
    friend struct detail::Asynchronous;
    std::shared_ptr<detail::ClientCore> core_;
    GroupId id_;
};

}  // namespace conclave
