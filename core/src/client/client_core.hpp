#pragma once

// What both faces share: one driver, what is held through it, and what keeps it alive. Everything
// runs on fibers of one runtime; the few values that other threads look at are atomic.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conclave/asynchronous.hpp"
#include "conclave/sync.hpp"
#include "client_state.hpp"

namespace conclave::detail {

class GroupWatchCore;
class Hints;
class ClientCore : public std::enable_shared_from_this<ClientCore>, private ClientState {
public:
    using ClientState::ClientState;
    ~ClientCore();

    /// Runs `body` on a fiber of the runtime and hands its result back. A stop() waits for it, and
    /// then cancels what it waits for.
    template <class Body>
    auto on_runtime(Body&& body) {
        using Result = decltype(body());
        std::optional<std::conditional_t<std::is_void_v<Result>, bool, Result>> result;
        gate_.call([&] {
            const Calls::Running running(calls_);
            if constexpr (std::is_void_v<Result>) body();
            else result.emplace(body());
        });
        if constexpr (!std::is_void_v<Result>) return std::move(*result);
    }
    /// Runs `task` on the runtime's thread without waiting; it must not park. False once it stopped.
    bool post(std::function<void()> task) { return gate_.post(std::move(task)); }

    // Life cycle (life_cycle.cpp). All but is_started() on a fiber of the runtime.
    void start(bool with_heart);
    /// Ends every hold at once. What a handle owns is then waited for, the rest is given up. `caller`,
    /// see running_caller(), may be a callback, which is not waited for.
    StopReport stop(Deadline deadline, const void* caller);
    /// What stop() could not wait for, or what it would have to.
    StopReport still_running(const void* caller) const;
    /// Whether `caller` is a callback, of a stop token or a watch.
    bool is_callback(const void* caller) const;
    /// Whether this thread is the runtime's. Any thread.
    bool on_own_thread() const noexcept { return running_thread() == thread_; }
    void require_started() const;
    bool is_started() const noexcept { return started_; }
    /// Set while not started: ends every wait but those for the backend.
    Latch& stopping() noexcept { return stopping_; }

    // The heart (heart.cpp): beats, and renews what is held.
    void start_heart();
    void stop_heart();
    bool heart_is_alive() const noexcept { return hearts_ != nullptr; }
    void wait_for_heart(Deadline deadline);
    std::uint64_t beats() const noexcept { return beats_; }
    Duration heartbeat();  ///< beats and renews all that is held; the longest time until the next

    // Holds (holds.cpp).
    std::shared_ptr<Hold> keep(HoldKind kind, Lease lease);
    /// One renewal of a lease; false when it is lost. Throws what the driver throws.
    bool renew(Hold& hold);
    /// Ends the hold and gives it up at the backend.
    bool give_up(const std::shared_ptr<Hold>& hold, Deadline deadline);
    /// Ends the hold and gives it up in the background; never parks.
    void give_up_later(const std::shared_ptr<Hold>& hold);
    /// Gives up in the background what an attempt of unknown outcome may have taken.
    void undo_later(HoldKind kind, Lease lease, bool doubtful = false);
    /// At the backend only; false when it was no longer ours. Throws what drivers throw.
    bool give_back(HoldKind kind, const Lease& lease, Deadline deadline);
    /// Nobody works under `hold` any more; its backend's part was given up or lapses.
    void put_back(Hold& hold) noexcept;
    /// A handle owns `hold` now: stop() waits for it.
    void hand_out(const std::shared_ptr<Hold>& hold);

    // Memberships (memberships.cpp).
    std::shared_ptr<Hold> join(const std::string& group, const Value& capabilities, Deadline);
    /// Joins, creating the group when it is missing.
    std::shared_ptr<Hold> join_create(const std::string& group, const Value&, Deadline);
    void leave(const std::string& group, Deadline deadline);
    /// Throws MemberNotJoined when `hold` is not the membership that this client has now.
    void update(const Hold& hold, const Value& capabilities, Deadline deadline);
    /// Until when others are sure to see this member; min() when it never joined.
    TimePoint member_until(const std::string& group) const;
    void forget_membership(const std::string& group) { joined_groups_.erase(group); }

    // What stop() has to end or wait for: operations, watches and callbacks.
    void begin(std::shared_ptr<OperationBody>, std::shared_ptr<Interrupt>, Runs runs);
    void add_watch(const std::shared_ptr<GroupWatchCore>& watch);
    void add_hints(Hints& hints) { hints_.push_back(&hints); }
    void remove_hints(Hints& hints) noexcept { std::erase(hints_, &hints); }
    Callbacks& callbacks() noexcept { return *callbacks_; }
    TaskGroup& background() noexcept { return *background_; }
    Deadline operation_deadline() const noexcept { return gate_.runtime().after(times_.operation); }
    Driver& driver() noexcept { return *driver_; }
    Gate& gate() noexcept { return gate_; }
    Runtime& runtime() noexcept { return gate_.runtime(); }
    Groups& groups();
    Elections& elections();
    Locks& locks(HoldKind kind = HoldKind::lock);  ///< or of those that are shared
    const ClientTimes& times() const noexcept { return times_; }
    const std::string& member_id() const noexcept { return member_id_; }
    void observe(Event::Severity severity, std::string_view name, const std::string& detail);

private:
    void connect_and_beat();
    Duration beat();
    void note_beat(const Beat& beat, TimePoint sent);
    TimePoint belief_from(TimePoint sent) const noexcept;
    void beat_heart();
    void keep_alive(Hold& hold);
    void guard(const std::shared_ptr<Hold>& hold);
    void end(Hold& hold) noexcept;
    void lose(const std::shared_ptr<Hold>& hold);
    void tell(const std::shared_ptr<Hold>& hold);
    void leave_in_turn(const std::string& group, Deadline deadline);
    void finish_leave(const std::string& group, Deadline deadline);
    void finish_leaves();
    bool leave_if_current(const Lease& membership, Deadline deadline);
    bool is_current(const Lease& membership) const;
    void undo(HoldKind kind, const Lease& lease, bool doubtful);
    Duration renewal_interval() const;
    Duration locks_ttl() const;
    std::shared_ptr<Hold> shared(const Hold& hold) const;
    std::vector<std::shared_ptr<Hold>> end_beliefs();
    void give_up_everything(const std::vector<std::shared_ptr<Hold>>& held, Deadline deadline);
    StopReport after_another_stop(Deadline deadline, const void* caller);
    void end_waits();
    bool wait_for_handles(Deadline deadline);
    std::vector<std::shared_ptr<GroupWatchCore>> live_watches() const;
    bool wait_for_watches(const void* caller, Deadline deadline);
};

}  // namespace conclave::detail
