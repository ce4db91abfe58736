#pragma once

// How a run stands at one moment, for who debugs it: a plain value that outlives its world.

#include <cstdint>
#include <string>
#include <vector>

#include "conclave/properties/history.hpp"

namespace conclave::scenarios {

struct Snapshot {
    /// A process and how it is: "runs", "paused", "dead", or what its host does to it.
    struct ProcessState {
        std::string name;
        std::string state;
        int incarnation = 1;  ///< grows with every restart
    };
    /// What a client believes to hold, or a group that it leads, until `until_ns` unless renewed.
    struct Belief {
        std::string client;
        std::string object;
        std::uint64_t token = 0;  ///< 0 when the driver has none
        bool leadership = false;
        std::int64_t since_ns = 0;
        std::int64_t until_ns = 0;  ///< world time; never_ns for belief without an end
    };
    struct Membership {
        std::string member;
        std::string group;
        std::int64_t since_ns = 0;
        std::int64_t until_ns = 0;  ///< as above
    };
    /// A fault that lasts, or the last one of no length that began at this very moment.
    struct ActiveFault {
        std::string text;
        std::int64_t begin_ns = 0;
        std::int64_t end_ns = 0;
    };

    std::int64_t at_ns = 0;
    std::uint64_t events = 0;  ///< of the trace, so far
    bool healed = false;       ///< the phase without faults has begun
    std::vector<ProcessState> processes;  ///< by host and name
    std::vector<Belief> beliefs;          ///< those that have lapsed are none
    std::vector<Membership> memberships;
    std::vector<properties::Operation> open;  ///< called by a process that lives, and not returned
    std::vector<ActiveFault> faults;
};

}  // namespace conclave::scenarios
