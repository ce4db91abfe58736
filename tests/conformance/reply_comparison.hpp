#pragma once

// Whether two replies mean the same: byte for byte, but for what depends on the instant or on the
// order of a hash table.

#include <string>
#include <string_view>
#include <vector>

namespace conclave::conformance {

using Words = std::vector<std::string>;

/// `words` is the command that both answered; `queued` are those that an EXEC ran.
bool same_reply(const Words& words, const std::vector<Words>& queued, std::string_view real,
                std::string_view model);

/// Printable, with the line breaks and other control bytes escaped.
std::string printable(std::string_view bytes);

}  // namespace conclave::conformance
