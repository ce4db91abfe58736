#pragma once

// CONCLAVE_ASSERT(condition, values...): checks a programming error in every build; on failure it
// prints the place, the expression and the values, then aborts.

#include <sstream>
#include <string>

namespace conclave::detail {

/// Prints `text` to the standard error and aborts.
[[noreturn]] void abort_with(const std::string& text);

template <class... Values>
[[noreturn]] void assertion_failed(const char* file, int line, const char* expression,
                                   const Values&... values) {
    std::ostringstream text;
    text << file << ':' << line << ": assertion failed: " << expression;
    ((text << " [" << values << ']'), ...);
    abort_with(text.str());
}

}  // namespace conclave::detail

#define CONCLAVE_ASSERT(condition, ...)                                               \
    do {                                                                              \
        if (!(condition)) [[unlikely]]                                                \
            ::conclave::detail::assertion_failed(__FILE__, __LINE__,                  \
                                                 #condition __VA_OPT__(, ) __VA_ARGS__); \
    } while (false)
