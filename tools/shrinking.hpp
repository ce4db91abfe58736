#pragma once

// Shrinks a Plan, keeps the result and tells about it.

#include "child.hpp"
#include "conclave/scenarios/shrink.hpp"
#include "run_options.hpp"

namespace conclave::tool {

struct ShrinkRequest {
    std::string program;                  ///< how the tool was called, for the replay line
    scenarios::Plan plan;
    scenarios::Signature signature;
    std::string whole;                    ///< where `plan` can be found, for people
    std::string out;                      ///< the file for the small Plan
    std::chrono::nanoseconds budget{};    ///< of real time
};

/// In a process of its own. The text is the counterexample; the code that of `sim shrink`: 1 when a
/// claim is violated, else 5 when time ended before the result was minimal, else 0. `trouble` also
/// when the file cannot be written.
ChildResult shrink_and_tell(const ShrinkRequest& request);

/// Where a sweep would have saved a Plan that was drawn.
std::string drawn_plan_path(const scenarios::Plan& plan);
/// Where the small Plan of the one at `plan_path` belongs. Not beside it: `sim run` runs what is there
/// again.
std::string small_plan_path(const std::string& plan_path, const std::string& property);
/// Removes what small_plan_path() named for `plan_path`, whatever the property.
void remove_small_plans(const std::string& plan_path);

}  // namespace conclave::tool
