#pragma once

// One run as a story: who did what when, which messages passed, what was believed, which faults stood.
// A plain value, put together from a run that kept its trace and its history; what draws or prints
// runs reads this. Times are nanoseconds of the world, and lists of events in their order.

#include <cstdint>
#include <string>
#include <vector>

#include "conclave/scenarios/runner.hpp"

namespace conclave::scenarios {

struct Account {
    /// A client or a process of the backend. The clients come first, in the Plan's order.
    struct Lane {
        std::string name;
        bool client = false;
    };

    /// One write to a connection.
    struct Message {
        std::size_t from = 0;  ///< lanes
        std::size_t to = 0;
        std::int64_t sent_ns = 0;
        std::int64_t received_ns = properties::never_ns;  ///< when its last byte arrived, if it did
        std::uint64_t connection = 0;
        bool reply = false;     ///< from the end that had accepted the connection
        std::uint64_t bytes = 0;
        std::string text;       ///< what it says, for people; long ones are cut
    };

    enum class Kind : std::uint8_t { sent, received, called, returned, lived, told, file };
    struct Event {
        std::int64_t at_ns = 0;
        Kind kind = Kind::sent;
        std::size_t lane = 0;
        /// Indices of messages when `sent` or `received`, of the operation when `called` or `returned`.
        std::vector<std::size_t> of = {};
        /// Of a process's life ("crashed"), what it told, or a step on a file with its outcome.
        std::string text = {};
    };

    /// Belief of a client: of holding a lock, leading a group, or being a member of it.
    struct Belief {
        std::size_t lane = 0;
        std::string object;
        std::string what;        ///< "holds object-0, token 7"
        std::int64_t call_ns = 0;  ///< equal to begin_ns where it is not known
        std::int64_t begin_ns = 0;
        std::int64_t end_ns = 0;
        std::string end;         ///< why it ended
        bool shared = false;
        bool alone = true;       ///< no two clients may believe so of one object at one time
    };

    struct FaultSpan {
        std::string text;
        std::int64_t begin_ns = 0;
        std::int64_t end_ns = 0;  ///< equal to begin_ns for what has no length
        std::vector<std::size_t> lanes = {};  ///< whose name it names
    };

    std::vector<Lane> lanes;
    std::vector<Message> messages;
    std::vector<Event> events;
    std::vector<properties::Operation> operations;
    std::vector<Belief> beliefs;
    std::vector<FaultSpan> faults;
    std::int64_t end_ns = 0;

    std::size_t lane_of(const std::string& name) const;  ///< lanes.size() when there is none
};

/// Requires: `run` is one of `plan`, with keep_trace and keep_history.
Account account_of(const Plan& plan, const RunResult& run);

/// Whether `text` names `object` and not a longer name that begins with it.
bool names(const std::string& text, const std::string& object);

}  // namespace conclave::scenarios
