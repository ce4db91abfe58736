// The same exchange in a simulated world.

#include <iostream>
#include <string>

#include "conclave/sim/world.hpp"
#include "conclave/sync.hpp"
#include "exchange.hpp"

int main() {
    namespace sim = conclave::sim;
    sim::World world({.seed = 7});
    const conclave::Endpoint endpoint{.host = "server", .port = 7000};
    world.add_process(world.add_host("server"), "server", [&](sim::Process& process) {
        conclave::Listening listening = process.runtime().network.listen(endpoint);
        serve_one(*listening.listener);
    });
    std::string answer;
    world.add_process(world.add_host("client"), "client", [&](sim::Process& process) {
        // The server may begin after its client: sleep until it certainly listens.
        conclave::sleep_for(process.runtime(), std::chrono::seconds(1));
        answer = ask(process.runtime(), endpoint, "hello");
    });
    world.run_while([&] { return answer.empty(); }, sim::WorldTime{60'000'000'000});
    std::cout << "answer: " << answer << '\n';
    return answer == "hello" ? 0 : 1;
}
