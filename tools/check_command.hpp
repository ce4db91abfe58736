#pragma once

// conclave check FILE: judges a recorded history.

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

namespace conclave::tool {

struct CheckArguments {
    std::string file;
    std::string model;
    std::string characteristic = "linearizable";
    bool strict = false;
    bool json = false;
};

/// Adds the verb.
void add_check(CLI::App& app, CheckArguments& arguments, std::function<int()>& verb);

}  // namespace conclave::tool
