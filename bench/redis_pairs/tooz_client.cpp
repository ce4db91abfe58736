#include <string>

#include "clients.hpp"

namespace conclave::bench {

ToozClient::ToozClient(int port)
    : process_({.arguments = {"/usr/bin/python3", CONCLAVE_TOOZ_CLIENT, std::to_string(port)},
                .piped = true}) {}

double ToozClient::pairs_per_second(int pairs) {
    process_.write_line(std::to_string(pairs));
    return std::stod(process_.read_line());
}

}  // namespace conclave::bench
