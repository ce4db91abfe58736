// Holds a lock until the user presses return. Start it twice: the second waits for the first.
//
//   conclave_example_lock redis://localhost worker-7 close-month

#include <conclave/connect.hpp>
#include <conclave/error.hpp>
#include <iostream>
#include <string>

namespace {

/// False when the lock was lost while it was held.
bool hold(conclave::Lock& lock, const std::string& member) {
    lock.acquire();
    // A write to a resource that remembers the highest token it has seen is refused once a later
    // holder was there: no look at acquired() before the write can promise that.
    std::cout << member << " holds " << lock.name() << ", token " << lock.token() << std::endl;
    std::cin.get();
    const bool kept = lock.release();
    std::cout << member << (kept ? " released " : " had lost ") << lock.name() << std::endl;
    return kept;
}

}  // namespace

int main(int argument_count, char** arguments) {
    if (argument_count != 4) {
        std::cerr << "usage: " << arguments[0] << " URL MEMBER LOCK\n";
        return 2;
    }
    const std::string member = arguments[2];
    try {
        const auto coordinator = conclave::get_coordinator(arguments[1], member);
        coordinator->start(true);
        const auto lock = coordinator->get_lock(arguments[3]);
        return hold(*lock, member) ? 0 : 1;
    } catch (const conclave::Error& error) {
        std::cerr << "error: " << error.what() << '\n';
        return 1;
    }
}
