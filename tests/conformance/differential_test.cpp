// Random sequences of commands, some with lives so brief that they end in the middle of the sequence,
// go to the model's engine and to a real redis-server: see sequence.hpp.

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "command_generator.hpp"
#include "engine/command_table.hpp"
#include "live/fixture/redis_server.hpp"
#include "sequence.hpp"

namespace conclave::conformance {

namespace {

constexpr int sequences = 2000;
constexpr int commands_per_sequence = 60;
constexpr int expiry_crossed_in = 3;           // one sequence of so many
constexpr std::uint64_t differences_max = 20;  // reported before giving up

/// "seed=N" of RC_PARAMS, as the property tests are seeded.
std::uint64_t chosen_seed() {
    const char* parameters = std::getenv("RC_PARAMS");
    const std::string text = parameters ? parameters : "";
    const std::size_t at = text.find("seed=");
    return at == std::string::npos ? 20240601 : std::stoull(text.substr(at + 5));
}

struct Counts {
    std::uint64_t commands = 0;
    std::uint64_t errors = 0;
    std::uint64_t differences = 0;
    std::uint64_t races = 0;      ///< sequences that differed and, run again, did not
    std::uint64_t undecided = 0;  ///< that differed and never ran promptly enough to tell
    std::uint64_t crossed = 0;    ///< keys that expired between two commands
};

std::vector<Step> draw(CommandGenerator& generator, bool crosses_expiry) {
    std::vector<Step> steps;
    generator.brief_lives(crosses_expiry);
    for (int i = 0; i < commands_per_sequence; ++i) {
        if (crosses_expiry && i == commands_per_sequence / 2) {
            steps.push_back({});
            generator.brief_lives(false);
        }
        steps.push_back(generator.next());
    }
    return steps;
}

void run_sequence(Sequences& both, const std::vector<Step>& steps, Counts& counts) {
    Sequences::Judged judged = both.judge(steps);
    counts.commands += commands_per_sequence;
    counts.errors += judged.outcome.errors;
    counts.crossed += judged.outcome.crossed;
    if (judged.verdict == Sequences::Verdict::race) ++counts.races;
    if (judged.verdict == Sequences::Verdict::undecided) ++counts.undecided;
    if (judged.verdict != Sequences::Verdict::different) return;
    counts.differences += judged.outcome.differences.size();
    // The first one only: what follows it may be its consequence.
    const Sequences::Judged least = both.judge(both.shrink(steps));
    ADD_FAILURE() << (least.outcome.differs() ? least : judged).outcome.differences.front();
}

/// What no sequence can contain: replication's own commands, and the end of a connection.
bool never_drawn(std::string_view name) {
    return name == "psync" || name == "replconf" || name == "quit" ||
           name.find('|') != std::string_view::npos;
}

void expect_everything_drawn(const CommandGenerator& generator) {
    for (const servers::redis::Command& command : servers::redis::command_table())
        EXPECT_TRUE(never_drawn(command.name) ||
                    generator.drawn().contains(std::string(command.name)))
            << command.name;
    EXPECT_EQ(generator.scripts_drawn(), generator.scripts());
}

}  // namespace

TEST(EngineConformance, AnswersAsTheRealServerDoes) {
    live::RedisServer server({.durable = false, .lines = {"enable-debug-command yes"}});
    RawConnection control(server.port());
    // When the server deletes a key that has expired is its own affair, and DBSIZE tells it.
    ASSERT_EQ(control.exchange("*3\r\n$5\r\nDEBUG\r\n$17\r\nSET-ACTIVE-EXPIRE\r\n$1\r\n0\r\n", 1),
              "+OK\r\n");
    Sequences both(server.port());
    CommandGenerator generator{sim::Stream(chosen_seed())};
    Counts counts;
    int done = 0;
    for (; done < sequences && counts.differences < differences_max; ++done)
        run_sequence(both, draw(generator, done % expiry_crossed_in == 0), counts);
    EXPECT_GE(counts.errors * 10, counts.commands * 3) << "too few wrong commands were drawn";
    EXPECT_GE(counts.crossed, sequences / expiry_crossed_in + 0u) << "too few keys expired";
    expect_everything_drawn(generator);
    std::cout << "summary: " << done << " sequences, " << counts.commands << " commands, "
              << counts.differences << " differences, " << counts.races << " races of the clocks, "
              << counts.undecided << " undecided, " << counts.crossed << " keys expired"
              << std::endl;
    EXPECT_EQ(counts.differences, 0u);
    EXPECT_LT(counts.races, sequences / 50u) << "too many to be races";
    EXPECT_LT(counts.undecided, sequences / 200u) << "the machine is too busy to tell";
}

}  // namespace conclave::conformance
