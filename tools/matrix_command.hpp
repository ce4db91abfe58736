#pragma once

// conclave sim matrix: what every configuration claims, beside what the sweeps found.

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace conclave::tool {

struct MatrixArguments {
    std::string program;               ///< how the tool was called, for the replay lines
    std::vector<std::string> drivers;  ///< all when empty
    std::string seeds = "20";
    unsigned jobs = 1;
    std::string markdown;              ///< a file for the table; "-" is stdout
    std::string json;                  ///< likewise for all figures
    bool no_shrink = false;            ///< counterexamples are shown as they were drawn
};

/// `verb` becomes the command when it is asked for; `arguments` outlives it.
void add_matrix(CLI::App& sim, MatrixArguments& arguments, std::function<int()>& verb);

}  // namespace conclave::tool
