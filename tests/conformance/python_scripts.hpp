#pragma once

// The Lua scripts of the Debian packages of redis-py and tooz, read from where they are installed.

#include <string>
#include <vector>

namespace conclave::conformance {

struct PythonScript {
    std::string name;
    std::string body;
};

/// Throw std::runtime_error when the package is not installed or has no such script.
std::vector<PythonScript> redis_py_scripts();
std::vector<PythonScript> tooz_scripts();

}  // namespace conclave::conformance
