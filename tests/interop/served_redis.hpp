#pragma once

// `conclave serve redis` as a child process, on a free port that it tells.

#include <signal.h>

#include <stdexcept>
#include <string>

#include "live/fixture/child_process.hpp"
#include "live/fixture/redis_connection.hpp"

namespace conclave::interop {

class ServedRedis {
public:
    ServedRedis()
        : process_({.arguments = {CONCLAVE_TOOL, "serve", "redis", "--port", "0"}, .piped = true}),
          port_(port_of(process_.read_line())) {}

    int port() const noexcept { return port_; }
    live::RedisConnection connect() const { return live::RedisConnection(port_); }
    /// Sends `signal` and waits for the end; the exit code.
    int end_by(int signal) {
        process_.signal(signal);
        return process_.wait();
    }

private:
    static int port_of(const std::string& line) {
        const std::string announced = "serving a simulated redis on 127.0.0.1:";
        if (!line.starts_with(announced)) throw std::runtime_error("serve said: " + line);
        return std::stoi(line.substr(announced.size()));
    }

    live::ChildProcess process_;
    int port_ = 0;
};

}  // namespace conclave::interop
