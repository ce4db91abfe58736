// Writes what it reads into a ledger, line by line, while it holds a lock. Start it twice: the
// second waits for the first. Stop the first (SIGSTOP) until the second has the lock, let it go on,
// and see what becomes of its next line.
//
//   conclave_example_lock redis://localhost worker-7 close-month /tmp/ledger

#include <conclave/conclave.hpp>
#include <iostream>
#include <string>

#include "../fenced_ledger.hpp"

namespace {

/// False when the lock was lost while it was held. It might look at held.valid() before each line,
/// to spare itself work that nobody wants; what protects the ledger is the token that goes with the
/// line.
bool write_lines(conclave::HeldLock held, FencedLedger& ledger, const std::string& member) {
    std::cout << member << " holds " << held.name() << ", token " << held.token() << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        const bool written = ledger.write(held.token(), line);
        std::cout << (written ? "wrote: " : "refused, somebody else was here since: ") << line
                  << std::endl;
    }
    const std::string name = held.name();
    const bool kept = held.release();
    std::cout << member << (kept ? " released " : " had lost ") << name << std::endl;
    return kept;
}

}  // namespace

int main(int argument_count, char** arguments) {
    if (argument_count != 5) {
        std::cerr << "usage: " << arguments[0] << " URL MEMBER LOCK LEDGER\n";
        return 2;
    }
    const std::string member = arguments[2];
    try {
        FencedLedger ledger(arguments[4]);
        const conclave::Client client = conclave::connect(
            arguments[1], {.member_id = member, .require = {conclave::Feature::fencing}});
        return write_lines(client.mutex(arguments[3]).acquire(), ledger, member) ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << '\n';
        return 1;
    }
}
