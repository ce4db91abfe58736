// The rules on the repository as it is.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

#include "rules.hpp"

namespace conclave::guards {
namespace {

using testing::IsEmpty;

const std::string root = CONCLAVE_SOURCE_DIR;

const Files& tree() {
    static const Files files = read_tree(root);
    return files;
}

/// Lines of "path lines"; a '#' begins a comment.
std::map<std::string, int> read_ratchet() {
    std::map<std::string, int> allowed;
    std::ifstream in(root + "/tests/guards/size_ratchet.txt");
    for (std::string path; in >> path;) {
        if (path.starts_with('#'))
            std::getline(in, path);
        else
            in >> allowed[path];
    }
    return allowed;
}

TEST(Tidy, ReadsTheWholeTree) {
    const std::vector<std::string> expected = {"core/include/conclave/environment.hpp",
                                               "tests/guards/tidy_test.cpp"};
    for (const std::string& path : expected)
        EXPECT_TRUE(std::any_of(tree().begin(), tree().end(), [&](const SourceFile& file) {
            return file.path == path;
        })) << path;
}

TEST(Tidy, ModulesIncludeOnlyWhatTheArchitectureAllows) {
    EXPECT_THAT(include_rules(tree()), IsEmpty());
}

TEST(Tidy, BackendsKnowNothingOfEachOther) { EXPECT_THAT(backend_rules(tree()), IsEmpty()); }

TEST(Tidy, AsioIsCompiledInFewUnits) { EXPECT_THAT(asio_units(tree()), IsEmpty()); }

TEST(Tidy, NondeterminismHasOneDoorEach) { EXPECT_THAT(banned_tokens(tree()), IsEmpty()); }

TEST(Tidy, FilesStaySmall) { EXPECT_THAT(size_limits(tree(), read_ratchet()), IsEmpty()); }

TEST(Tidy, FunctionsStayShort) { EXPECT_THAT(function_lengths(tree()), IsEmpty()); }

TEST(Tidy, NoFileNamesAPathOfOneMachine) { EXPECT_THAT(machine_paths(tree()), IsEmpty()); }

TEST(Tidy, LinksOfTheDocumentsLeadSomewhere) { EXPECT_THAT(dead_links(tree(), root), IsEmpty()); }

}  // namespace
}  // namespace conclave::guards
