// Your own service under the simulator, inside GoogleTest: two schedulers, a Redis and a job store on
// four hosts, and a seed that decides when a scheduler stands still and for how long.

#include <conclave/drivers/all_drivers.hpp>
#include <conclave/gate.hpp>
#include <conclave/servers/redis/server.hpp>
#include <conclave/sim/world.hpp>
#include <conclave/sync.hpp>
#include <gtest/gtest.h>
#include <map>
#include <optional>

#include "job_scheduler.hpp"

namespace jobs {
namespace {

using namespace std::chrono_literals;
namespace sim = conclave::sim;

constexpr int last_job = 200;
const conclave::Endpoint store_endpoint{"store", 80, {}};

void run_scheduler(sim::Process& process, Fence fence) {
    conclave::InlineGate gate(process.runtime());
    std::optional<conclave::Client> client;
    while (!client) {
        try {
            client = conclave::Client::start(
                gate,
                conclave::all_drivers().make(process.runtime(), "redis://redis?lock_timeout=2",
                                             process.name()),
                process.name());
        } catch (const conclave::Error&) {
            conclave::sleep_for(process.runtime(), 100ms);  // the server is not up yet
        }
    }
    JobScheduler(process.runtime(), *client,
                 JobStore(process.runtime(), store_endpoint, process.name()), fence)
        .work_until(last_job);
    client->stop();
}

/// Five times somebody stands still, for up to three leases.
void draw_pauses(sim::World& world, const std::vector<sim::Process*>& schedulers) {
    sim::Stream stream = world.stream("pauses");
    for (int i = 0; i < 5; ++i) {
        sim::Process* const process = schedulers[stream.below(schedulers.size())];
        const auto at = sim::at_time(stream.between(1s, 40s));
        const conclave::Duration length = stream.between(1s, 6s);
        world.at(at, [process] {
            if (!process->paused()) process->pause();
        });
        world.at(at + length, [process] {
            if (process->paused()) process->resume();
        });
    }
}

JobLog run_service(std::uint64_t seed, Fence fence) {
    JobLog log;
    sim::World world({.seed = seed});
    world.add_process(world.add_host("redis"), "redis", [](sim::Process& process) {
        conclave::servers::redis::ServerOptions options;
        options.host = "redis";
        conclave::servers::redis::Server(process.runtime(), options).run();
    });
    world.add_process(world.add_host("store"), "store", [&log](sim::Process& process) {
        serve_jobs(process.runtime(), store_endpoint, log);
    });
    std::vector<sim::Process*> schedulers;
    for (const char* name : {"scheduler-1", "scheduler-2"})
        schedulers.push_back(&world.add_process(
            world.add_host(name), name,
            [fence](sim::Process& process) { run_scheduler(process, fence); }));
    draw_pauses(world, schedulers);
    world.run_until(sim::at_time(120s));
    return log;
}

/// A job that ran twice, told so that a reader sees why; empty when none did.
std::string counterexample(std::uint64_t seed, const JobLog& log) {
    std::map<int, const JobRun*> first;
    for (const JobRun& run : log.runs) {
        const auto [other, fresh] = first.emplace(run.job, &run);
        if (!fresh)
            return "seed " + std::to_string(seed) + ": job " + std::to_string(run.job) +
                   " was run by " + other->second->by + " and again by " + run.by;
    }
    return {};
}

TEST(JobScheduler, RunsEveryJobOnceWhenTheEpochGoesWithIt) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        const JobLog log = run_service(seed, Fence::epoch);
        EXPECT_EQ(counterexample(seed, log), "");
        EXPECT_EQ(log.runs.size(), static_cast<std::size_t>(last_job)) << "seed " << seed;
    }
}

TEST(JobScheduler, RunsAJobTwiceForSomeSeedWithoutTheEpoch) {
    std::string found;
    for (std::uint64_t seed = 1; seed <= 100 && found.empty(); ++seed)
        found = counterexample(seed, run_service(seed, Fence::none));
    EXPECT_NE(found, "") << "the simulator found no counterexample in 100 seeds";
    std::cout << "counterexample: " << found << '\n';
}

}  // namespace
}  // namespace jobs
