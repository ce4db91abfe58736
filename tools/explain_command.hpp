#pragma once

// conclave sim explain PLAN: what happened, for who knows neither the code nor the scenario.

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace conclave::tool {

struct ExplainArguments {
    std::string program;  ///< how the tool was called, for the replay line
    std::string plan;     ///< a file, or with `seed` a scenario
    std::string seed;
    std::string driver;
    std::string budget = "10s";
    std::string html;     ///< a file for the same as a page; none when empty
};

/// Adds the verb.
void add_explain(CLI::App& sim, ExplainArguments& arguments, std::function<int()>& verb);

}  // namespace conclave::tool
