#pragma once

// Runs the `conclave` command in a folder of its own.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace conclave {

struct Finished {
    int code = -1;
    std::string text;  ///< stdout and stderr
};

class Tool : public testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::path(testing::TempDir()) /
                  ("conclave_tool_" +
                   std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    Finished run(const std::string& arguments) const {
        const std::string command = "cd '" + folder_.string() + "' && '" CONCLAVE_TOOL "' " +
                                    arguments + " 2>&1 </dev/null";
        Finished finished;
        FILE* pipe = ::popen(command.c_str(), "r");
        std::array<char, 4096> chunk;
        while (const std::size_t got = std::fread(chunk.data(), 1, chunk.size(), pipe))
            finished.text.append(chunk.data(), got);
        finished.code = WEXITSTATUS(::pclose(pipe));
        return finished;
    }

    std::string write(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories((folder_ / name).parent_path());
        std::ofstream(folder_ / name) << text;
        return name;
    }

    std::string read(const std::string& name) const {
        std::ifstream in(folder_ / name);
        std::ostringstream text;
        text << in.rdbuf();
        return text.str();
    }

    std::filesystem::path folder_;
};

}  // namespace conclave
