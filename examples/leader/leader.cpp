// Leads until it has done its turns, then hands over. Start it twice: one leads at a time.
//
//   conclave_example_leader file:///tmp/coordination worker-7 3 /tmp/ledger

#include <conclave/conclave.hpp>
#include <iostream>
#include <string>

#include "../fenced_ledger.hpp"

namespace {

std::string_view name_of(conclave::LeadEnd end) {
    switch (end) {
        case conclave::LeadEnd::resigned: return "resigned";
        case conclave::LeadEnd::lost: return "lost the leadership";
        case conclave::LeadEnd::stopped: return "was stopped";
    }
    return "";
}

/// What only the leader may do. Nothing interrupts it: it looks at valid() before every turn. The
/// epoch goes with every write, for what may happen between that look and the write.
void schedule(conclave::Leadership& leadership, FencedLedger& ledger, int turns) {
    for (int turn = 1; turn <= turns && leadership.valid(); ++turn) {
        if (!ledger.write(leadership.epoch(), "turn " + std::to_string(turn))) return;
        std::cout << "turn " << turn << " of epoch " << leadership.epoch() << std::endl;
    }
}

void run(const std::string& url, const std::string& member, int turns, FencedLedger ledger) {
    conclave::Client client = conclave::connect(
        url, {.member_id = member, .require = {conclave::Feature::fencing}});
    conclave::Election election = client.election("scheduler");
    const conclave::LeadEnd end = election.lead([&](conclave::Leadership& leadership) {
        std::cout << election.leader().member_id << " leads" << std::endl;
        schedule(leadership, ledger, turns);
    });
    std::cout << member << ' ' << name_of(end) << std::endl;
}

}  // namespace

int main(int argument_count, char** arguments) {
    if (argument_count != 5) {
        std::cerr << "usage: " << arguments[0] << " URL MEMBER TURNS LEDGER\n";
        return 2;
    }
    try {
        run(arguments[1], arguments[2], std::stoi(arguments[3]), FencedLedger(arguments[4]));
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << '\n';
        return 1;
    }
}
