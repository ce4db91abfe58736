#pragma once

// A started driver in front of one scripted server.

#include <gmock/gmock.h>

#include <map>

#include "conclave/codec/redis_scripts.hpp"
#include "conclave/drivers/all_drivers.hpp"
#include "scripted_redis.hpp"

namespace conclave::testing {

struct DriverFixture : ::testing::Test {
    ScriptedRedis redis;
    /// Replies by command, or by the name of the script.
    std::map<std::string, std::function<Reaction(const Words&)>> on;
    std::vector<Words> scripts_run;  ///< each begins with the script's name; then keys, arguments

    DriverFixture() {
        redis.add_server("redis", [this](const Words& words) { return react(words); });
        on["INFO"] = [](const Words&) {
            return answer(
                resp::bulk("# Server\r\nredis_version:7.0.15\r\n"
                           "redis_mode:standalone\r\n"));
        };
    }

    void with_driver(const std::string& query, const std::function<void(Driver&, Runtime&)>& body) {
        redis.run([&](Runtime& runtime) {
            const auto driver = all_drivers().make(runtime, "redis://redis" + query, "me");
            driver->start(runtime.after(std::chrono::seconds(5)));
            body(*driver, runtime);
            driver->stop(runtime.after(std::chrono::seconds(5)));
        });
    }

private:
    Reaction react(const Words& words) {
        std::string name = words[0];
        if (name == "EVALSHA") {
            for (const redis::scripts::Script& script : redis::scripts::all)
                if (script.sha1 == words[1]) name = script.name;
            Words run{name};
            run.insert(run.end(), words.begin() + 3, words.end());
            scripts_run.push_back(run);
        }
        const auto found = on.find(name);
        return found == on.end() ? answer(resp::integer(1)) : found->second(words);
    }
};

}  // namespace conclave::testing
