#pragma once

// What a client consists of. On fibers of its runtime, but for what is const or atomic.

#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "callbacks.hpp"
#include "calls.hpp"
#include "conclave/client.hpp"
#include "hold.hpp"

namespace conclave::detail {

class GroupWatchCore;
class Hints;
class Interrupt;

struct ClientState {
    /// Requirements are judged at each start, when the driver has asked its backend.
    ClientState(Gate&, std::unique_ptr<Driver>, std::string member_id, ClientTimes,
                std::vector<Requirement> = {});

    Gate& gate_;
    std::unique_ptr<Driver> driver_;
    const std::string member_id_;
    const ClientTimes times_;
    const std::vector<Requirement> requirements_;
    const std::shared_ptr<Callbacks> callbacks_;
    Calls calls_;
    std::unique_ptr<TaskGroup> hearts_;      ///< the beat and each lease's renewal
    FiberMutex heart_turn_;  ///< one stop of the heart at a time
    WaitList heart_ended_;
    std::unique_ptr<TaskGroup> guards_;      ///< one timer for each hold that lapses
    std::unique_ptr<TaskGroup> operations_;  ///< begun and not waited for
    std::unique_ptr<TaskGroup> background_;  ///< releases and watches; drained at stop
    Latch stopping_;
    Latch stopped_;  ///< set when no stop() is under way, and while not started
    const void* thread_ = nullptr;  ///< the runtime's
    std::vector<std::shared_ptr<Hold>> held_;        ///< neither lost nor given up
    std::vector<std::shared_ptr<Hold>> handed_out_;  ///< owned by a handle, lost or not
    std::map<std::string, std::shared_ptr<Hold>> memberships_;  ///< the last one of each group
    FiberMutex membership_turn_;  ///< a leave must not overtake, or be overtaken by, a join
    std::set<std::string> joined_groups_;  ///< what stop() must leave
    std::set<std::string> unfinished_leaves_;  ///< their effect is unknown; repeated with the beat
    std::vector<std::weak_ptr<GroupWatchCore>> watches_;
    std::vector<std::shared_ptr<Interrupt>> waits_;  ///< what stop() interrupts
    std::vector<Hints*> hints_;                      ///< whose waits stop() ends
    Duration beat_timeout_{};  ///< how long the backend keeps a member without a beat
    std::atomic<std::uint64_t> beats_ = 0;
    std::atomic<bool> started_ = false;
    bool open_ = false;  ///< the driver may be used: a little longer than started
};

}  // namespace conclave::detail
