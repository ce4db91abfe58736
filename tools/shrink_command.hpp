#pragma once

// conclave sim shrink PLAN: the smallest Plan that violates the same property.

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace conclave::tool {

struct ShrinkArguments {
    std::string program;  ///< how the tool was called, for the replay line
    std::string plan;     ///< a file, or with `seed` a scenario
    std::string seed;
    std::string driver;
    std::string property;
    std::string out;
    std::string budget = "60s";
};

/// Adds the verb.
void add_shrink(CLI::App& sim, ShrinkArguments& arguments, std::function<int()>& verb);

}  // namespace conclave::tool
