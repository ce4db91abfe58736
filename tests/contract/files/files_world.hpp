#pragma once

// Where the contract of Files runs: one suite, and a kind of world for each implementation.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "conclave/environment.hpp"

namespace conclave::contract {

using namespace std::chrono_literals;

class FilesWorld {
public:
    virtual ~FilesWorld() = default;
    /// Runs `body` on a fiber and waits until it and every fiber it left behind have ended.
    virtual void run(const std::function<void(Runtime&)>& body) = 0;
    /// A folder that is there and empty.
    virtual std::string folder() const = 0;
    /// Makes `path` a second name of folder().
    virtual void link_folder(const std::string& path) = 0;
};

struct FilesWorldKind {
    std::string name;
    std::function<std::unique_ptr<FilesWorld>()> make;
};
inline void PrintTo(const FilesWorldKind& kind, std::ostream* out) { *out << kind.name; }

/// That of the world that this executable was linked with.
std::vector<FilesWorldKind> files_world_kinds();

class FilesContract : public testing::TestWithParam<FilesWorldKind> {
protected:
    void in_world(const std::function<void(Runtime&)>& body) { world_->run(body); }
    std::string path(const std::string& name) const { return world_->folder() + "/" + name; }
    /// Writes by way of a file of another name in the same folder.
    FileOutcome write(Runtime& runtime, const std::string& name, std::string_view content) {
        return runtime.files.replace(path(name), path("temporary"), content, soon(runtime));
    }
    static Deadline soon(Runtime& runtime) { return runtime.after(20s); }

    std::unique_ptr<FilesWorld> world_ = GetParam().make();
};

}  // namespace conclave::contract

namespace conclave {
inline void PrintTo(FileStatus status, std::ostream* out) { *out << to_string(status); }
}  // namespace conclave

/// In each file of the suite: a parameterised suite belongs to one translation unit.
#define CONCLAVE_FILES_SUITE(suite)                                                          \
    INSTANTIATE_TEST_SUITE_P(Files, suite, testing::ValuesIn(files_world_kinds()),           \
                             [](const auto& info) { return info.param.name; })
