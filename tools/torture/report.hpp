#pragma once

// What a torture prints and writes.

#include <ostream>
#include <string>
#include <vector>

#include "conductor.hpp"
#include "judgement.hpp"

namespace conclave::torture {

struct Reported {
    const RunOptions& run;
    Duration length{};
    std::uint32_t clients = 0;
    const std::vector<Fault>& faults;
    const Conducted& conducted;
    Merged& merged;
    const std::vector<Judgement>& judgements;
    std::string history_path;
};

/// The exit code; see tool::Exit.
int exit_code(const Reported& run);
/// One line for each property, what came in the way, the faults, and the last line: "N held, ...".
void print_report(const Reported& run, std::ostream& out);
/// The same as one JSON object.
std::string to_json(const Reported& run);

}  // namespace conclave::torture
