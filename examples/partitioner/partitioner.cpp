// Shares keys out among the members of a group, and tells which of them are this member's. Start
// several; each line of input looks again, and the end of the input leaves.
//
//   conclave_example_partitioner file:///tmp/coordination worker-7 apples pears plums

#include <conclave/conclave.hpp>
#include <iostream>
#include <string>
#include <vector>

namespace {

using Keys = std::vector<std::string>;

/// No question does I/O. Members that print the same fingerprint agree about every key.
void tell(const conclave::Partitioner& partitioner, const std::string& member, const Keys& keys) {
    std::cout << member << " has";
    for (const std::string& key : keys)
        if (partitioner.belongs_to_self(key)) std::cout << ' ' << key;
    std::cout << " of " << partitioner.fingerprint() << std::endl;
}

void run(const std::string& url, const std::string& member, const Keys& keys) {
    const auto coordinator = conclave::get_coordinator(url, member);
    coordinator->start(true);
    const auto partitioner = coordinator->join_partitioned_group("workers");
    tell(*partitioner, member, keys);
    for (std::string line; std::getline(std::cin, line);) {
        // The ring follows the group here. Between two calls members can disagree about a key, so
        // what must not be done twice needs a lock and its token as well.
        coordinator->run_watchers();
        tell(*partitioner, member, keys);
    }
    coordinator->leave_partitioned_group("workers", *partitioner).get();
}

}  // namespace

int main(int argument_count, char** arguments) {
    if (argument_count < 4) {
        std::cerr << "usage: " << arguments[0] << " URL MEMBER KEY...\n";
        return 2;
    }
    try {
        run(arguments[1], arguments[2], Keys(arguments + 3, arguments + argument_count));
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << '\n';
        return 1;
    }
}
