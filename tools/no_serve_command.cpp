#include "serve_command.hpp"

namespace conclave::tool {

// Without Boost.Asio there is no real port to serve on, and the verb is absent from --help.
void add_serve(CLI::App&, ServeArguments&, std::function<int()>&) {}

}  // namespace conclave::tool
