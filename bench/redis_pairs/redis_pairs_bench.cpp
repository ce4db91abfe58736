// Pairs of acquire and release a second on a real redis-server, all processes on one core: a server
// and a client that wait for each other run fastest there, and undisturbed. Peers: the plainest
// client in C, and python3-tooz. The C++ subjects connect anew each round.
//
// What a fiber cannot save against blocking reads: the fencing counter in the acquire script
// (redis_pairs_hiredis_scripts), and the two calls more that a reactor makes to wait for a reply
// (redis_pairs_reactor). What is left above the latter is our own.

#include <sched.h>

#include <iostream>
#include <stdexcept>
#include <vector>

#include "clients.hpp"
#include "conclave/bench/figure.hpp"
#include "redis_server.hpp"

namespace {

constexpr int rounds = 7;
constexpr int pairs = 10'000;
constexpr int tooz_pairs = 4'000;

/// Children inherit it.
void pin_to_one_core() {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        throw std::runtime_error("cannot ask for the allowed cores");
    int last = -1;
    for (int core = 0; core < CPU_SETSIZE; ++core)
        if (CPU_ISSET(core, &allowed)) last = core;
    cpu_set_t chosen;
    CPU_ZERO(&chosen);
    CPU_SET(last, &chosen);
    if (sched_setaffinity(0, sizeof chosen, &chosen) != 0)
        throw std::runtime_error("cannot pin to one core");
}

void run() {
    using namespace conclave::bench;
    pin_to_one_core();
    const conclave::live::RedisServer server({.durable = false});
    const int port = server.port();
    ToozClient tooz(port);
    const std::vector<double> medians =
        interleave(rounds, {[&] { return plain_pairs_per_second(port, pairs); },
                            [&] { return plain_script_pairs_per_second(port, pairs); },
                            [&] { return epoll_script_pairs_per_second(port, pairs); },
                            [&] { return fiber_pairs_per_second(port, pairs); },
                            [&] { return thread_pairs_per_second(port, pairs); },
                            [&] { return tooz.pairs_per_second(tooz_pairs); }});
    const double plain = medians[0], script = medians[1], reactor = medians[2],
                 fiber = medians[3], thread = medians[4], python = medians[5];
    std::cout << Figure{"redis_pairs_hiredis", plain, "/s"}
              << Figure{"redis_pairs_hiredis_scripts", script, "/s", "-", script / plain, "hiredis"}
              << Figure{"redis_pairs_reactor", reactor, "/s", "-", reactor / plain, "hiredis"}
              << Figure{"redis_pairs_fiber", fiber, "/s", ">=0.85x", fiber / plain, "hiredis"}
              << Figure{"redis_pairs_fiber_vs_reactor", fiber, "/s", "-", fiber / reactor, "reactor"}
              << Figure{"redis_pairs_thread", thread, "/s", "-", thread / plain, "hiredis"}
              << Figure{"redis_pairs_fiber_vs_tooz", fiber, "/s", ">=2x", fiber / python, "tooz"}
              << Figure{"redis_pairs_tooz", python, "/s"};
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
