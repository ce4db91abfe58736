// The clients of a torture in a simulated world, where a wrong driver does not depend on luck: what
// they write is merged and judged as in a real run.

#include <gmock/gmock.h>

#include <sstream>

#include "../mutants/mutants.hpp"
#include "../servers/simulated_redis.hpp"
#include "conclave/drivers/all_drivers.hpp"
#include "torture/judgement.hpp"

namespace conclave::torture {

// Tests print what they compare.
void PrintTo(const Judgement& judgement, std::ostream* out) {
    *out << judgement.verdict.property << ' ' << to_string(judgement.verdict.outcome) << ' '
         << judgement.verdict.reason;
}

namespace {

using namespace std::chrono_literals;
using properties::Outcome;

constexpr Duration run_length = 40s;

struct Simulated {
    std::vector<Judgement> judgements;
    std::uint64_t pauses = 0;

    const Judgement* find(const std::string& property) const {
        for (const Judgement& each : judgements)
            if (each.verdict.property == property) return &each;
        return nullptr;
    }
};

/// Four clients of one server; one of them stands still for longer than its lease at a time.
Simulated simulate(Workload workload, std::uint64_t seed, const DriverRegistry& drivers) {
    servers::redis::RedisWorld redis(seed);
    redis.add_server("redis-1");
    RunOptions run;
    run.url = "redis://redis-1:6379?durability=always";
    run.run = "torture";
    run.workload = workload;
    run.seed = seed;
    std::vector<std::string> journals(4);
    std::vector<sim::Process*> clients;
    for (std::size_t i = 0; i < journals.size(); ++i) {
        const std::string name = "c" + std::to_string(i + 1);
        clients.push_back(&redis.world.add_process(
            redis.world.add_host(name), name, [&, i, name](sim::Process& process) {
                run.end = process.to_local(sim::at_time(run_length));
                Journal journal([&](const std::string& line) { journals[i] += line + "\n"; });
                ClientOptions client{{name, process.incarnation()}, i % 2 == 0};
                run_client(process.runtime(), run, client, drivers, journal);
            }));
    }
    Simulated simulated;
    sim::Stream draw = redis.world.stream("pauses");
    for (Duration at = 1s; at < run_length - 6s; at += draw.between(500ms, 2s)) {
        sim::Process* const client = clients[draw.below(clients.size())];
        if (client->paused()) continue;
        const Duration length = draw.between(500ms, 4s);
        redis.world.at(sim::at_time(at), [client] { client->pause(); });
        redis.world.at(sim::at_time(at + length), [client] {
            if (client->paused()) client->resume();
        });
        ++simulated.pauses;
    }
    redis.world.run_until(sim::at_time(run_length + 15s));
    const std::int64_t origin = 0, end = (run_length + 15s).count();
    Merged merged(origin);
    for (std::size_t i = 0; i < journals.size(); ++i) {
        std::istringstream journal(journals[i]);
        merged.add(journal, {{clients[i]->name(), 1}, end});
    }
    merged.finish();
    simulated.judgements = judge(merged, {workload, run.ttl, false});
    return simulated;
}

class SimulatedTorture : public testing::TestWithParam<Workload> {};

TEST_P(SimulatedTorture, TheRightDriverKeepsAllThatItClaims) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const Simulated run = simulate(GetParam(), seed, all_drivers());
        EXPECT_GT(run.pauses, 10u);
        EXPECT_GE(run.judgements.size(), 7u);
        for (const Judgement& each : run.judgements)
            EXPECT_EQ(each.verdict.outcome, Outcome::held)
                << "seed " << seed << ": " << testing::PrintToString(each);
    }
}

INSTANTIATE_TEST_SUITE_P(Workloads, SimulatedTorture,
                         testing::Values(Workload::lock, Workload::leader, Workload::group),
                         [](const auto& info) { return std::string(to_string(info.param)); });

/// Whether one of the first seeds violates it, and it is claimed.
bool is_caught(const mutants::Mutant& mutant, const std::string& property) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const Simulated run = simulate(Workload::lock, seed, mutant.drivers);
        const Judgement* const found = run.find(property);
        if (found && found->claimed && found->verdict.outcome == Outcome::violated) return true;
    }
    return false;
}

mutants::Mutant mutant_named(const std::string& name) {
    for (mutants::Mutant& each : mutants::redis_mutants())
        if (each.name == name) return each;
    throw std::logic_error("no mutant is called " + name);
}

TEST(WrongDriver, AReleaseWithoutOwnerCheckIsCaught) {
    EXPECT_TRUE(is_caught(mutant_named("release_without_owner_check"), "exclusion"));
    EXPECT_TRUE(is_caught(mutant_named("release_without_owner_check"), "linearizable"));
}

TEST(WrongDriver, ATokenThatIsMadeUpIsCaught) {
    EXPECT_TRUE(is_caught(mutant_named("token_made_up"), "fencing"));
}

}  // namespace
}  // namespace conclave::torture
