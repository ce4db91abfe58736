#pragma once

// The ten characteristics of one run whose drivers were observed, in whichever world.

#include <vector>

#include "conclave/driver.hpp"
#include "conclave/properties/characteristics.hpp"
#include "conclave/properties/checkers.hpp"
#include "conclave/properties/models.hpp"
#include "conclave/scenarios/observed/call_log.hpp"

namespace conclave::scenarios {

struct CharacteristicVerdict {
    Characteristic characteristic{};
    properties::Verdict verdict;
};

/// What of a run the calls do not tell.
struct RunFacts {
    /// Which of the three that tell how far an object reaches: what the clients are deployed across.
    Characteristic across = Characteristic::distributed_across_hosts;
    Duration longest_timeout{};  ///< of leases and memberships
    /// Items that each search may place. The default is enough for what the monitors leave of a
    /// simulated run; one that needs more is undecided.
    std::uint64_t steps_max = 30'000;
    /// Since when no fault has been under way or is still felt: from then on what one place is
    /// given the others must see.
    std::int64_t settled_ns = properties::never_ns;
    /// No timer could run out: what the dead held has to be free all the same.
    bool timers_off = false;
};

/// Which kind of object has which model here.
properties::Model model_of(Observed kind);

/// One for each that this deployment can show.
std::vector<CharacteristicVerdict> judge_characteristics(const RunFacts& facts, CallLog& log,
                                                         const Claims& claims);

/// "linearizable_as_mutex": the stricter reading, in which no lease ends. Nobody claims it.
inline constexpr const char* as_mutex = "linearizable_as_mutex";
/// "prompt_release": the positive half of non_timeout_based.
inline constexpr const char* prompt_release = "prompt_release";
/// "loss_without_timers": what is lost is lost with ten times the timeouts too.
inline constexpr const char* loss_without_timers = "loss_without_timers";

/// What stands beside the ten: other readings, and what supports one of them. None of objects that
/// were not used.
std::vector<properties::Verdict> judge_readings(const RunFacts& facts, CallLog& log);
/// Of two runs that differ in their timeouts only.
properties::Verdict judge_tenfold(CallLog& usual, CallLog& tenfold);

/// What the histories of a run could have shown.
properties::Coverage coverage_of(CallLog& log);

}  // namespace conclave::scenarios
