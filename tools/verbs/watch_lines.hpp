#pragma once

// How holders, leaders and members are printed: one line each, as words or as JSON.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "conclave/driver.hpp"
#include "conclave/group.hpp"

namespace conclave::tool {

using Json = nlohmann::ordered_json;

/// {"state":"free"}, or "held" with what is known of the holder.
Json holder_state(const std::optional<Holder>& holder);
/// {"state":"nobody"}, "foreign", or "leader" with the member.
Json leader_state(const Leader& leader);

/// As JSON, or its values with the key before all but the first: "held token=3 owner=...".
void print_line(const Json& state, bool json);
void print_event(const GroupEvent& event, bool json);

}  // namespace conclave::tool
