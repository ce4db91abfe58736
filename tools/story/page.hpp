#pragma once

// A run as one HTML page: a drawing of who believed what when, above the same in words.

#include <string>

#include "focus.hpp"

namespace conclave::tool {

struct PageText {
    std::string title;
    std::string find;      ///< what was found
    std::string timeline;
};

/// Well-formed as XML too, and needs nothing from the net. Everything that a Plan can name is escaped.
/// At most 150 messages are drawn, those nearest to the violation.
std::string html_page(const PageText& text, const scenarios::Account& account, const Focus& focus);

}  // namespace conclave::tool
