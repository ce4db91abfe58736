#pragma once

// What an examination of a backend came to. Plain values.

#include <string>
#include <string_view>
#include <vector>

namespace conclave {

struct Remark {
    enum class Grade {
        ok,
        warning,  ///< it works, and something may not be as meant
        error,    ///< what is promised cannot be kept
    };
    Grade grade = Grade::ok;
    std::string about;  ///< a word or two, such as "round trip"
    std::string text;   ///< one line: what was found, and what it means
};

constexpr std::string_view to_string(Remark::Grade grade) noexcept {
    switch (grade) {
        case Remark::Grade::ok: return "ok";
        case Remark::Grade::warning: return "warning";
        case Remark::Grade::error: return "error";
    }
    return "?";
}

using Remarks = std::vector<Remark>;

}  // namespace conclave
