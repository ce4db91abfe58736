#include "suites.hpp"

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>

namespace conclave::mutants {

namespace {

constexpr const char* failed_mark = "[  FAILED  ] ";
// Of real time, for a mutant that goes round in circles; the right product takes a few seconds.
constexpr const char* limit = "timeout 20 ";

/// "[  FAILED  ] Suite.Test, where GetParam() = ..." without what is around the name.
std::string name_in(const std::string& line) {
    const std::string rest = line.substr(std::string_view(failed_mark).size());
    return rest.substr(0, rest.find_first_of(", \n"));
}

}  // namespace

std::string first_failing_test(const std::string& mutant, const std::string& filter) {
    const std::string command = limit + std::string(CONCLAVE_MUTANT_SUITES " ") + mutant +
                                " --gtest_brief=1 --gtest_fail_fast --gtest_filter='" + filter +
                                "' 2>/dev/null";
    std::FILE* const output = popen(command.c_str(), "r");
    if (!output) throw std::runtime_error("cannot run " + command);
    std::string first;
    bool ran = false;
    std::array<char, 4096> line;
    while (std::fgets(line.data(), line.size(), output)) {
        const std::string text = line.data();
        if (first.empty() && text.starts_with(failed_mark)) first = name_in(text);
        ran = ran || (text.starts_with("[  PASSED  ] ") && !text.starts_with("[  PASSED  ] 0 "));
    }
    const int status = pclose(output);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && ran) return {};
    return first.empty() ? "the process" : first;
}

std::string first_failing_contract(const std::string& mutant) {
    return first_failing_test(mutant, "*Contract.*:*/Seed*.*");
}

}  // namespace conclave::mutants
