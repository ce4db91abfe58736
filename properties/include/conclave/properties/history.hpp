#pragma once

// What a run looked like from outside: the input of every checker. Plain values; times are int64
// nanoseconds on one common clock (the simulator's), never a client's own.

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conclave/properties/field.hpp"

namespace conclave::properties {

/// How an operation ended: ok, certainly without effect, or nobody knows.
enum class Status : std::uint8_t { ok, failed, unknown };

inline constexpr std::int64_t never_ns = std::numeric_limits<std::int64_t>::max();

/// One call of a client. An operation of unknown outcome may take effect at any time from its call
/// on, or never.
struct Operation {
    std::string client;
    std::string action;  ///< "acquire", "release", "elect", "join", "leave", "members", ...
    std::string object;  ///< the lock or group
    std::string result;  ///< for people
    std::int64_t call_ns = 0;
    std::int64_t return_ns = never_ns;
    Status status = Status::unknown;
};

/// Why a client stopped believing.
enum class HoldEnd : std::uint8_t { released, lapsed, told_lost, crashed, run_over };
std::string to_string(HoldEnd end);

/// A client's belief to hold a lock, or to lead a group, in [begin_ns, end_ns).
struct Hold {
    std::string client;
    std::string object;
    std::uint64_t token = 0;       ///< the driver's counter; 0 when it has none
    std::int64_t call_ns = 0;      ///< when the acquisition was called
    std::int64_t begin_ns = 0;     ///< when it returned
    std::int64_t end_ns = never_ns;
    HoldEnd end = HoldEnd::run_over;
    bool shared = false;  ///< together with others who share; its token is none of its own
};

/// What a handle said at one look at it, beside what was true at that moment.
struct Look {
    std::string client;
    std::string object;
    std::uint64_t token = 0;
    std::int64_t at_ns = 0;
    bool valid = false;
    /// When belief ends unless renewed, by the client's clock as it runs now.
    std::int64_t deadline_ns = 0;
    /// When the backend lets another in unless renewed, by its own clock; now or earlier once it has.
    /// Nothing where no one server decides that.
    std::optional<std::int64_t> free_at_ns = {};
    /// Whether the stop token had fired.
    bool signalled = false;
    /// Whether the process had time, after the deadline, to run a timer: the signal is due.
    bool signal_due = false;
};

/// One request that a fenced resource decided about, in the order of its decisions.
struct ResourceAccess {
    std::string holder;   ///< one hold of one client
    std::string object;
    std::uint64_t token = 0;
    bool write = false;
    bool accepted = false;
    std::int64_t at_ns = 0;
};

/// A member that renews in time, in [begin_ns, end_ns): no read inside may miss it.
struct Presence {
    std::string member;
    std::string group;
    std::int64_t begin_ns = 0;
    std::int64_t end_ns = never_ns;
};

/// A member that crashed and has not come back before `back_ns`. What it sent before may arrive until
/// `silent_ns`: an operating system goes on sending for a dead process.
struct Departure {
    std::string member;
    std::string group;
    std::int64_t at_ns = 0;
    std::int64_t silent_ns = 0;
    std::int64_t back_ns = never_ns;
};

struct MembersRead {
    std::string client;
    std::string group;
    std::int64_t call_ns = 0;
    std::int64_t return_ns = 0;
    std::set<std::string> members;
};

/// One event that a watcher was given; `snapshot` starts a watch anew.
struct WatchEvent {
    enum class Kind : std::uint8_t { snapshot, joined, left };
    std::string watcher;  ///< a client's incarnation
    std::string group;
    Kind kind = Kind::snapshot;
    std::string member;             ///< for joined and left
    std::set<std::string> members;  ///< for snapshot
    std::int64_t at_ns = 0;
};

/// Something that a client was told of the data, beside what it then found there.
struct Comparison {
    std::string client;
    std::string object;
    std::string claim;  ///< for people: who said what
    std::string fact;   ///< for people: what was found
    bool agree = false;
    std::int64_t at_ns = 0;
};

/// Whether a client got something done after everything had healed.
struct Progress {
    std::string client;
    std::int64_t healed_ns = 0;
    std::int64_t first_success_ns = never_ns;
};

struct History {
    std::vector<Operation> operations;
    std::vector<Hold> locks;
    std::vector<Hold> leaderships;
    std::vector<Look> looks;
    std::vector<ResourceAccess> accesses;
    std::vector<Presence> presences;
    std::vector<Departure> departures;
    std::vector<MembersRead> reads;
    std::vector<WatchEvent> watch_events;
    std::vector<Comparison> comparisons;
    std::vector<Comparison> joins;  ///< whether who asked to join could
    std::vector<RingView> rings;
    std::vector<Ask> asks;
    std::vector<Progress> progress;
};

}  // namespace conclave::properties
