#pragma once

// The greedy walk from a Plan to a smaller one.

#include "candidates.hpp"
#include "trials.hpp"

namespace conclave::scenarios {

/// Goes on from whatever still violates, until nothing smaller does or the budget is spent.
class Walk {
public:
    Walk(Plan plan, RunResult run, Trials& trials);

    void run();
    /// True when the budget sufficed to see the property hold without any one part.
    bool is_minimal();

    const Plan& plan() const { return plan_; }
    const RunResult& run_of_plan() const { return run_; }

private:
    bool round();
    bool with_other_draws(Grain grain);
    void cut();
    void make_plainer();
    void descend(rc::Shrinkable<Plan> from, Strictness strictness);
    void take_other(Plan candidate);
    bool take(Plan candidate, Strictness strictness);
    bool violated_behind_healing() const { return trials_.instant(run_) > plan_.duration; }

    Plan plan_;
    RunResult run_;
    Trials& trials_;
    bool changed_ = false;
};

}  // namespace conclave::scenarios
