#pragma once

// What both faces share: one driver, what is held through it, and what keeps it alive. Everything
// runs on fibers of one runtime; the few values that other threads look at are atomic.

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conclave/client.hpp"
#include "conclave/sync.hpp"
#include "hold.hpp"

namespace conclave::detail {

class GroupWatchCore;

class ClientCore : public std::enable_shared_from_this<ClientCore> {
public:
    ClientCore(Gate& gate, std::unique_ptr<Driver> driver, std::string member_id,
               ClientTimes times);
    ~ClientCore();

    /// Runs `body` on a fiber of the runtime and hands its result back.
    template <class Body>
    auto on_runtime(Body&& body) {
        using Result = decltype(body());
        if constexpr (std::is_void_v<Result>) {
            gate_.call([&] { body(); });
        } else {
            std::optional<Result> result;
            gate_.call([&] { result.emplace(body()); });
            return std::move(*result);
        }
    }
    /// Runs `task` on the runtime's thread without waiting; it must not park. False once it stopped.
    bool post(std::function<void()> task) { return gate_.post(std::move(task)); }

    // Life cycle (life_cycle.cpp). All but is_started() on a fiber of the runtime.
    void start(bool with_heart);
    /// Ends every hold at once. What a handle owns is then waited for, the rest is given up.
    StopReport stop(Deadline deadline);
    void require_started() const;
    bool is_started() const noexcept { return started_; }
    /// Set while not started: ends every wait.
    Latch& stopping() noexcept { return stopping_; }

    // The heart (heart.cpp): beats, and renews what is held.
    void start_heart();
    void stop_heart();
    bool heart_is_alive() const noexcept { return hearts_ != nullptr; }
    std::uint64_t beats() const noexcept { return beats_; }
    /// One beat, and one renewal of everything held; the longest time until the next.
    Duration heartbeat();

    // Holds (holds.cpp).
    std::shared_ptr<Hold> keep(HoldKind kind, Lease lease);
    /// One renewal of a lease; false when it is lost. Throws what the driver throws.
    bool renew(Hold& hold);
    /// Ends the hold and gives it up at the backend.
    bool give_up(const std::shared_ptr<Hold>& hold, Deadline deadline);
    /// Ends the hold and gives it up in the background; never parks.
    void give_up_later(const std::shared_ptr<Hold>& hold);
    /// Gives up in the background what an attempt of unknown outcome may have taken.
    void undo_later(HoldKind kind, Lease lease);
    /// Nobody works under `hold` any more; its backend's part was given up or lapses.
    void put_back(Hold& hold) noexcept;
    /// A handle owns `hold` now: stop() waits for it.
    void hand_out(const std::shared_ptr<Hold>& hold);

    // Memberships (memberships.cpp).
    std::shared_ptr<Hold> join(const std::string& group, const Value& capabilities,
                               Deadline deadline);
    /// Joins, creating the group when it is missing.
    std::shared_ptr<Hold> join_create(const std::string& group, const Value& capabilities,
                                      Deadline deadline);
    void leave(const std::string& group, Deadline deadline);
    /// Until when others are sure to see this member in `group`; min() when it never joined.
    TimePoint member_until(const std::string& group) const;
    const std::set<std::string>& joined_groups() const noexcept { return joined_groups_; }
    void forget_membership(const std::string& group) { joined_groups_.erase(group); }

    // Watches and callbacks that stop() has to end or wait for.
    void add_watch(const std::shared_ptr<GroupWatchCore>& watch);
    TaskGroup& background() noexcept { return *background_; }

    Deadline operation_deadline() const noexcept { return gate_.runtime().after(times_.operation); }
    Driver& driver() noexcept { return *driver_; }
    Gate& gate() noexcept { return gate_; }
    Runtime& runtime() noexcept { return gate_.runtime(); }
    Groups& groups();
    Elections& elections();
    Locks& locks();
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
    void finish_leave(const std::string& group, Deadline deadline);
    void finish_leaves();
    bool leave_if_current(const Lease& membership, Deadline deadline);
    bool give_back(HoldKind kind, const Lease& lease, Deadline deadline);
    Duration renewal_interval() const;
    std::shared_ptr<Hold> shared(const Hold& hold) const;
    void end_everything(Deadline deadline);
    std::vector<std::string> wait_for_handles(Deadline deadline);
    std::vector<std::string> end_watches(Deadline deadline);
    void drain_background(Deadline deadline);
    template <class Step>
    void quietly(Step&& step);

    Gate& gate_;
    std::unique_ptr<Driver> driver_;
    const std::string member_id_;
    const ClientTimes times_;
    std::unique_ptr<TaskGroup> hearts_;      ///< the beat and each lease's renewal
    std::unique_ptr<TaskGroup> guards_;      ///< one timer for each hold that lapses
    std::unique_ptr<TaskGroup> background_;  ///< releases and watches; drained at stop
    Latch stopping_;
    std::vector<std::shared_ptr<Hold>> held_;        ///< neither lost nor given up
    std::vector<std::shared_ptr<Hold>> handed_out_;  ///< owned by a handle, lost or not
    std::map<std::string, std::shared_ptr<Hold>> memberships_;  ///< the last one of each group
    std::set<std::string> joined_groups_;  ///< what stop() must leave
    std::set<std::string> unfinished_leaves_;  ///< their effect is unknown; repeated with the beat
    std::vector<std::weak_ptr<GroupWatchCore>> watches_;
    Duration beat_timeout_{};  ///< how long the backend keeps a member without a beat
    std::atomic<std::uint64_t> beats_ = 0;
    std::atomic<bool> started_ = false;
    bool open_ = false;  ///< the driver may be used: a little longer than started
};

}  // namespace conclave::detail
