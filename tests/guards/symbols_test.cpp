// The object code of drivers, codecs and simulated servers reaches nothing outside its environment.

#include "symbols.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace conclave::guards {
namespace {

using testing::Contains;
using testing::Field;
using testing::IsEmpty;

std::vector<std::string> words(const std::string& list) {
    std::istringstream in(list);
    return {std::istream_iterator<std::string>(in), {}};
}

class CheckedLibrary : public testing::TestWithParam<std::string> {};
TEST_P(CheckedLibrary, ReachesNothingOutsideItsEnvironment) {
    EXPECT_THAT(judge_symbols(dump_symbols(GetParam())), IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(Symbols, CheckedLibrary,
                         testing::ValuesIn(words(CONCLAVE_CHECKED_LIBRARIES)),
                         [](const auto& info) {
                             const std::string path = info.param;
                             const std::size_t start = path.rfind('/') + 1;
                             return path.substr(start, path.rfind('.') - start);
                         });

class PlantedObject : public testing::TestWithParam<const char*> {
protected:
    static const std::vector<SymbolFinding>& findings() {
        static const auto all = judge_symbols(dump_symbols(CONCLAVE_PLANTED_LIBRARY));
        return all;
    }
};
TEST_P(PlantedObject, IsCaught) {
    EXPECT_THAT(findings(), Contains(Field(&SymbolFinding::category, GetParam())));
}
INSTANTIATE_TEST_SUITE_P(Symbols, PlantedObject,
                         testing::Values("clock", "random", "network", "thread", "process", "files",
                                         "hash", "output", "state"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Symbols, AcceptWhatPlainCodeNeeds) {
    EXPECT_THAT(judge_symbols(dump_symbols(CONCLAVE_CLEAN_LIBRARY)), IsEmpty());
}

}  // namespace
}  // namespace conclave::guards
