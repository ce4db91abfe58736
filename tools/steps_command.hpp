#pragma once

// conclave sim steps: one short Plan, disturbed at each of its steps.

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace conclave::tool {

struct StepsArguments {
    std::string program;    ///< how the tool was called, for the replay lines
    std::string scenario;
    std::string driver;     ///< the scenario's first when empty
    std::string seed = "1";
    std::string process = "c1";
    std::uint64_t pairs = 0;  ///< that many pairs of disturbances instead of single ones
    bool all_pairs = false;
    unsigned jobs = 1;
    std::string out = ".conclave/failures";
};

/// `verb` becomes the command when it is asked for; `arguments` outlives it.
void add_steps(CLI::App& sim, StepsArguments& arguments, std::function<int()>& verb);

}  // namespace conclave::tool
