#pragma once

// Runs candidates and says whether they still violate what is looked at. Counts runs, and knows
// which Plans it has tried.

#include <set>

#include "conclave/scenarios/shrink.hpp"

namespace conclave::scenarios {

class Trials {
public:
    Trials(Signature signature, const ShrinkLimits& limits, const RunOptions& options)
        : signature_(std::move(signature)), limits_(limits), options_(options) {}

    /// The run of `plan` when it violates the signature, else nothing; also nothing, without a run,
    /// once the budget is spent.
    std::optional<RunResult> violating(const Plan& plan);
    /// The instant of the violation in a run that violating() returned.
    Duration instant(const RunResult& run) const;

    bool spent() const { return spent_; }
    std::uint64_t runs() const { return runs_; }
    const Signature& signature() const { return signature_; }

private:
    bool may_run();
    /// Whether its servers used no mechanism that the signature lacks.
    bool behaves_alike(const RunResult& run) const;

    Signature signature_;
    const ShrinkLimits& limits_;
    const RunOptions& options_;
    std::set<std::uint64_t> held_;  ///< hashes of Plans that did not violate it
    std::uint64_t runs_ = 0;
    bool spent_ = false;
};

/// Whether a candidate may violate other properties that its origin held. What only removes parts may:
/// who has nothing left to do does not get anything done. A simpler value must not.
enum class Strictness { lax, strict };

/// Whether `run` violates a property that `origin` does not.
bool violates_more(const RunResult& run, const RunResult& origin);

/// The judgement that violates `signature` in `run`; nullptr when none does.
const Judgement* find_violation(const RunResult& run, const Signature& signature);

}  // namespace conclave::scenarios
