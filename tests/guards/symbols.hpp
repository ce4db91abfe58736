#pragma once

// What an object file reaches for. Include rules and banned words look at the source; this looks at
// what the compiler made of it, so that a clock behind a macro or a header is seen too.

#include <string>
#include <vector>

namespace conclave::guards {

/// One symbol of one object file that simulated code may not have.
struct SymbolFinding {
    std::string object;
    std::string category;  ///< clock, random, network, thread, process, files, hash, output, state
    std::string symbol;
    friend bool operator==(const SymbolFinding&, const SymbolFinding&) = default;
};
std::ostream& operator<<(std::ostream& out, const SymbolFinding& finding);

/// Judges the output of `objdump -tC`: imports on the ban list and process-wide mutable data.
///
/// Limits: sees what is undefined or defined in the objects themselves; an inlined system call or
///         rdtsc stays invisible and is the banned words' matter.
std::vector<SymbolFinding> judge_symbols(const std::string& objdump_output);

/// Runs objdump over an archive or an object. Throws std::runtime_error when that fails.
std::string dump_symbols(const std::string& path);

}  // namespace conclave::guards
