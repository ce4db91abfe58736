// Joins a group, says in which zone it is, and tells what it sees of the group: as many events as it
// was asked for. Then it waits for the user to press return, and leaves.
//
//   conclave_example_group file:///tmp/coordination worker-7 east 5

#include <conclave/conclave.hpp>
#include <iostream>
#include <string>

namespace {

using conclave::GroupEvent;
using conclave::Map;
using namespace std::chrono_literals;

void tell_joined(conclave::Group& group, const conclave::MemberId& member) {
    std::cout << member.bytes() << " joined";
    try {
        std::cout << " with " << group.capabilities(member);
    } catch (const conclave::MemberNotJoined&) {
        std::cout << " and is gone again";
    }
}

/// The first event is a snapshot, the others are deltas. A gap is told, never hidden.
void tell(conclave::Group& group, const GroupEvent& event) {
    std::cout << event.revision << ": ";
    switch (event.kind) {
        case GroupEvent::Kind::snapshot:
        case GroupEvent::Kind::resynced:
            for (const conclave::MemberId& member : event.members)
                std::cout << member.bytes() << ' ';
            std::cout << "are here";
            break;
        case GroupEvent::Kind::joined: tell_joined(group, event.member); break;
        case GroupEvent::Kind::left: std::cout << event.member.bytes() << " left"; break;
    }
    std::cout << std::endl;
}

void run(const std::string& url, const std::string& member, const std::string& zone, int events) {
    conclave::Client client = conclave::connect(url, {.member_id = member});
    conclave::Group group = client.group("workers");
    conclave::Membership me = group.join(Map{{"zone", zone}});
    conclave::GroupWatch watch = group.watch();
    // While valid() is true, everybody who looks sees this member.
    while (events > 0 && me.valid())
        if (const auto event = watch.next(1s)) {
            tell(group, *event);
            --events;
        }
    std::cin.get();
    std::cout << member << (me.leave() ? " left" : " was no longer a member") << std::endl;
}

}  // namespace

int main(int argument_count, char** arguments) {
    if (argument_count != 5) {
        std::cerr << "usage: " << arguments[0] << " URL MEMBER ZONE EVENTS\n";
        return 2;
    }
    try {
        run(arguments[1], arguments[2], arguments[3], std::stoi(arguments[4]));
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << '\n';
        return 1;
    }
}
