#pragma once

// Work in a process of its own: what crashes it, or goes on for ever, costs its result only.

#include <chrono>
#include <functional>
#include <string>

namespace conclave::tool {

struct ChildResult {
    std::string text;
    int code = 0;
    std::string trouble;  ///< how the child ended instead; empty when it answered
};

/// Runs `work` in a child process, whose result is handed back. After `limit` the child is killed.
///
/// Errors: std::runtime_error - no process or pipe is left.
ChildResult in_child(const std::function<ChildResult()>& work, std::chrono::nanoseconds limit);

}  // namespace conclave::tool
