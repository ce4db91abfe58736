#pragma once

// What an operator should know about a server before trusting it with locks. Part of RedisDriver.

#include <string>

#include "../client/client.hpp"
#include "conclave/remark.hpp"
#include "driver_options.hpp"

namespace conclave::redis {

class Examination {
public:
    Examination(Runtime& runtime, Client& client, const DriverOptions& options, Deadline deadline)
        : runtime_(runtime), client_(client), options_(options), deadline_(deadline) {}

    /// Changes nothing. Errors: unknown - ConnectionError, OperationTimedOut; none - AccessDenied
    Remarks run();

private:
    void look_at_connection();
    void look_at_server();
    void measure_round_trip();
    void compare_clocks();
    void look_at_eviction();
    void look_at_persistence();
    void look_at_replication();

    void ok(std::string about, std::string text);
    void warn(std::string about, std::string text);
    void fail(std::string about, std::string text);

    Runtime& runtime_;
    Client& client_;
    const DriverOptions& options_;
    const Deadline deadline_;
    std::string info_;
    Remarks remarks_;
};

}  // namespace conclave::redis
