#pragma once

// The `conclave` command as a process, at a real redis-server or a folder.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conclave/connect.hpp"
#include "live/fixture/redis_server.hpp"

namespace conclave {

using live::poll_until;
using live::TempFolder;
using namespace std::chrono_literals;

/// A backend that is there for one test.
class VerbBackend {
public:
    static std::unique_ptr<VerbBackend> make(const std::string& kind);
    virtual ~VerbBackend() = default;
    virtual std::string url() const = 0;
};

class RedisBackend final : public VerbBackend {
public:
    std::string url() const override {
        return "redis://127.0.0.1:" + std::to_string(server.port());
    }
    live::RedisServer server;
};

/// A run of the tool, with all that it prints.
class Verb {
public:
    explicit Verb(std::vector<std::string> arguments);

    live::ChildProcess& process() noexcept { return *process_; }
    pid_t pid() const noexcept { return process_->pid(); }
    /// Its exit code; throws when it does not end in time.
    int wait();
    std::string text() const { return live::read_file(folder_.file("log")); }
    /// Waits until what it printed contains `part`.
    void wait_for(const std::string& part);

private:
    TempFolder folder_;
    std::unique_ptr<live::ChildProcess> process_;
};

struct VerbEnded {
    int code = -1;
    std::string text;
};
VerbEnded run_verb(std::vector<std::string> arguments);

/// Whether no process of the group is left, dead ones that nobody has waited for included.
bool is_gone(pid_t group);

class VerbTest : public testing::TestWithParam<std::string> {
protected:
    VerbTest() : backend_(VerbBackend::make(GetParam())) {}

    std::string url() const { return backend_->url(); }
    VerbEnded run(std::vector<std::string> arguments) const;
    /// A client that asks often, with leases of `ttl` where they lapse.
    Client client() const { return connect(url(), {.times = {.poll = 1ms}}); }

    /// Starts `conclave VERB... -- sh -c SCRIPT` and waits until the script has written its process
    /// id.
    struct Running {
        std::unique_ptr<Verb> verb;
        pid_t group = 0;
    };
    Running start(std::vector<std::string> verb, const std::string& script);

    std::unique_ptr<VerbBackend> backend_;
    TempFolder folder_;
};

class RedisVerbTest : public VerbTest {
protected:
    live::RedisServer& server() const { return dynamic_cast<RedisBackend&>(*backend_).server; }
};

}  // namespace conclave
