#pragma once

// Trees of smaller Plans, for rapidcheck's streams. A node remembers how far its tree has come: what
// failed to shrink once is not tried again after every success elsewhere.

#include <rapidcheck/Shrinkable.h>

#include "parts.hpp"

namespace conclave::scenarios {

/// How small chunks become: down to one, or to an eighth of what there is.
enum class Grain { fine, coarse };

/// Plans with ever smaller chunks of `part` removed: all of it, halves, quarters, and so on.
rc::Shrinkable<Plan> fewer(Plan plan, Part part, Grain grain);

/// The same number of everything in plainer surroundings: a network that loses and cuts nothing, right
/// clocks, no fenced resource. `ends_earlier` shortens what comes after the healing.
rc::Shrinkable<Plan> plainer(Plan plan, bool ends_earlier);

/// The same number of everything, each value simpler: shorter gaps, faults and steps, fewer hosts in
/// a fault. `heals_earlier` shortens the phase with faults too.
rc::Shrinkable<Plan> simpler(Plan plan, bool heals_earlier);

}  // namespace conclave::scenarios
