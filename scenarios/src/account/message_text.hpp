#pragma once

#include <string>
#include <string_view>

namespace conclave::scenarios {

/// The beginning of what was written to a connection, for people: the words of RESP without their
/// lengths, scripts by name, and a dot for what cannot be printed.
std::string message_text(std::string_view bytes);

}  // namespace conclave::scenarios
