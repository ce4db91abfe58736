#pragma once

// `conclave serve redis` as a child process, on a free port that it tells.

#include <signal.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "live/fixture/child_process.hpp"
#include "live/fixture/redis_connection.hpp"

namespace conclave::interop {

class ServedRedis {
public:
    explicit ServedRedis(const std::vector<std::string>& more = {})
        : process_({.arguments = arguments(more), .piped = true}),
          port_(port_of(process_.read_line())) {}

    int port() const noexcept { return port_; }
    live::RedisConnection connect() const { return live::RedisConnection(port_); }
    /// Sends `signal` and waits for the end; the exit code.
    int end_by(int signal) {
        process_.signal(signal);
        return process_.wait();
    }

    std::string read_line() { return process_.read_line(); }

private:
    static std::vector<std::string> arguments(const std::vector<std::string>& more) {
        std::vector<std::string> all = {CONCLAVE_TOOL, "serve", "redis", "--port", "0"};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    static int port_of(const std::string& line) {
        const std::string announced = "serving a simulated redis on 127.0.0.1:";
        if (!line.starts_with(announced)) throw std::runtime_error("serve said: " + line);
        return std::stoi(line.substr(announced.size()));
    }

    live::ChildProcess process_;
    int port_ = 0;
};

}  // namespace conclave::interop
