// What a file pays for including the main header: the compiler, without making code. Peer: the
// header of Boost.Asio, which the main header spares its users.

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "conclave/bench/figure.hpp"

namespace {

constexpr int rounds = 5;

double seconds_to_compile(const std::string& header) {
    const std::string command = "echo '#include <" + header + ">' | " CONCLAVE_COMPILER
                                " -std=c++20 -x c++ -fsyntax-only " CONCLAVE_INCLUDES " -";
    const auto begin = std::chrono::steady_clock::now();
    if (std::system(command.c_str()) != 0) throw std::runtime_error("cannot compile " + header);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void run() {
    using namespace conclave::bench;
    const std::vector<double> medians =
        interleave(rounds, {[] { return seconds_to_compile("conclave/conclave.hpp"); },
                            [] { return seconds_to_compile("boost/asio.hpp"); }});
    std::cout << Figure{"header_conclave_hpp",      medians[0], "s", "<=1.5",
                        medians[0] / medians[1], "boost_asio_hpp"};
}

}  // namespace

int main() {
    try {
        run();
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << '\n';
        return 1;
    }
}
