#pragma once

// Turns what the clients of one run do and see into a History. Belief is asked for, not guessed: an
// open hold ends when its client gives it up, or at the deadline that the coordinator names.

#include <functional>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "authority.hpp"
#include "conclave/properties/history.hpp"
#include "conclave/scenarios/moments.hpp"
#include "conclave/scenarios/observed/call_log.hpp"
#include "conclave/sim/world.hpp"
#include "conclave/validity.hpp"

namespace conclave::scenarios {

class Recorder {
public:
    Recorder(sim::World& world, Moments& moments) : world_(world), moments_(moments) {}
    Moments& moments() noexcept { return moments_; }
    /// From now on looks are compared with what it says, if it is not null. Not asked after the run.
    void compare_with(const Authority* authority) noexcept { authority_ = authority; }

    /// From now on drivers are observed; `calls` outlives the world.
    void observe_with(CallLog* calls) noexcept { calls_ = calls; }
    /// Null when drivers are not observed.
    CallLog* calls() noexcept { return calls_; }

    std::int64_t now() const { return world_.now().nanoseconds; }

    /// Begins an operation; the reference stays good.
    properties::Operation& call(const std::string& client, const std::string& action,
                                const std::string& object);
    void finish(properties::Operation& operation, properties::Status status, std::string result);

    /// A belief that is open until close() or died(). `until` is asked in the process's clock.
    struct OpenHold {
        properties::Hold hold;
        sim::Process* process = nullptr;
        std::function<TimePoint()> until;
        bool leadership = false;
        std::optional<Authority::Grant> grant = {};  ///< at the backend, when belief began
    };
    OpenHold& open(sim::Process& process, const properties::Operation& operation,
                   std::uint64_t token, bool leadership, std::function<TimePoint()> until);
    /// One look at the handle of an open hold. `signal_due`: a timer had time to run.
    void look(const OpenHold& hold, const Validity& validity, bool signalled, bool signal_due);
    /// The client stops believing now, or stopped when its deadline passed.
    void close(OpenHold& hold, properties::HoldEnd end);

    struct OpenPresence {
        properties::Presence presence;
        sim::Process* process = nullptr;
        std::function<TimePoint()> until;
    };
    OpenPresence& arrive(sim::Process& process, const std::string& group,
                         std::function<TimePoint()> until);
    void depart(OpenPresence& presence);
    /// `operation` is a join and begins: from now on its client may be a member again.
    void comes_back(const properties::Operation& operation);
    /// It has ended. It is refused rightly while what a dead process of its client left behind can
    /// last, until `lapse` after that one's last message, and brings nobody back.
    void judge_join(const properties::Operation& operation, bool joined, Duration lapse);

    /// What a client was told of an object, beside what is so.
    void compare(const properties::Operation& operation, std::string claim, std::string fact,
                 bool agree);

    /// Called before a process is killed: its beliefs end.
    void died(sim::Process& process);
    /// Called before a process is stopped.
    void stopped(sim::Process& process);
    /// Called when nothing passes any more between two sides.
    void cut_off(const std::vector<std::string>& a, const std::vector<std::string>& b);
    /// A fault that had begun at `begin_ns` and held messages back is over: those of processes that
    /// have died since are delivered now.
    void fault_over(std::int64_t begin_ns);
    /// Ends everything that is open; then the history is complete.
    properties::History finish_run(std::int64_t healed_ns);

    properties::History& history() noexcept { return history_; }

    const std::list<properties::Operation>& operations() const noexcept { return operations_; }
    const std::list<OpenHold>& open_holds() const noexcept { return holds_; }
    const std::list<OpenPresence>& open_presences() const noexcept { return presences_; }
    /// When the process last died; -1 when it never did.
    std::int64_t last_death_ns(const std::string& process) const;

private:
    struct Death {
        std::string process;
        std::int64_t at_ns = 0;
        std::int64_t silent_ns = 0;  ///< what it had sent may arrive until then
    };
    std::int64_t end_of(sim::Process& process, TimePoint until) const;

    sim::World& world_;
    Moments& moments_;
    const Authority* authority_ = nullptr;
    properties::History history_;
    CallLog* calls_ = nullptr;
    std::list<properties::Operation> operations_;
    std::list<OpenHold> holds_;
    std::list<OpenPresence> presences_;
    std::vector<Death> deaths_;
};

}  // namespace conclave::scenarios
