#pragma once

// conclave sim replay: one Plan again, the whole of it or up to a moment.

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace conclave::tool {

struct ReplayArguments {
    std::string program;  ///< how the tool was called, for the replay line
    std::string plan;     ///< a file, or with `seed` a scenario
    std::string seed;
    std::string driver;
    std::string until;      ///< a time of the world to stop at
    std::string step;       ///< or a number of trace events
    std::string trace;      ///< a format; none when empty
    std::string trace_out;  ///< its file; stdout when empty
};

/// Adds the verb.
void add_replay(CLI::App& sim, ReplayArguments& arguments, std::function<int()>& verb);

}  // namespace conclave::tool
