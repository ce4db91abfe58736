#pragma once

// Turns what the clients of one run do and see into a History. Belief is asked for, not guessed: an
// open hold ends when its client gives it up, or at the deadline that the coordinator names.

#include <functional>
#include <list>
#include <string>

#include "conclave/properties/history.hpp"
#include "conclave/sim/world.hpp"

namespace conclave::scenarios {

class Recorder {
public:
    explicit Recorder(sim::World& world) : world_(world) {}

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
    };
    OpenHold& open(sim::Process& process, const properties::Operation& operation,
                   std::uint64_t token, bool leadership, std::function<TimePoint()> until);
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
    /// A process of that member runs again: its first beat renews what it had joined before.
    void came_back(const std::string& member);

    /// Called before a process is killed: its beliefs end.
    void died(sim::Process& process);
    /// A fault that had begun at `begin_ns` and held messages back is over: those of processes that
    /// have died since are delivered now.
    void fault_over(std::int64_t begin_ns);
    /// Ends everything that is open; then the history is complete.
    properties::History finish_run(std::int64_t healed_ns);

    properties::History& history() noexcept { return history_; }

private:
    std::int64_t end_of(sim::Process& process, TimePoint until) const;

    sim::World& world_;
    properties::History history_;
    std::list<properties::Operation> operations_;
    std::list<OpenHold> holds_;
    std::list<OpenPresence> presences_;
};

}  // namespace conclave::scenarios
