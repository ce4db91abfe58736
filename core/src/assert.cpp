#include "conclave/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace conclave::detail {

void abort_with(const std::string& text) {
    std::fprintf(stderr, "%s\n", text.c_str());
    std::abort();
}

}  // namespace conclave::detail
