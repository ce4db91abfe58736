#pragma once

// conclave serve BACKEND: a simulated server on a real loopback port.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>

namespace conclave::tool {

struct ServeArguments {
    std::string backend;
    std::uint16_t port = 0;
    std::string faults;      ///< see disturbance.hpp; none when empty
    std::uint64_t seed = 1;  ///< decides when faults come
};

/// Adds the verb where this build has the production world, else nothing.
void add_serve(CLI::App& app, ServeArguments& arguments, std::function<int()>& verb);

}  // namespace conclave::tool
