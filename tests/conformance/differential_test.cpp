// Random sequences of commands go to the model's engine and to a real redis-server; their replies
// are compared byte for byte.

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "command_generator.hpp"
#include "engine/command_table.hpp"
#include "engine/reply_writer.hpp"
#include "live/fixture/redis_server.hpp"
#include "model_side.hpp"
#include "raw_connection.hpp"
#include "reply_comparison.hpp"

namespace conclave::conformance {

namespace {

constexpr int sequences = 2000;
constexpr int commands_per_sequence = 60;
constexpr std::uint64_t differences_max = 20;  // reported before giving up

std::int64_t unix_milliseconds() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

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
};

/// One sequence: a fresh model against fresh connections to the emptied real server.
class Sequence {
public:
    Sequence(int port, Counts& counts) : first_(port), second_(port), counts_(counts) {}

    /// Sends one step to both; the number of replies is what the model wrote.
    void compare(const Step& step) {
        std::string request;
        servers::redis::append_request(request, step.words);
        history_ += std::to_string(step.connection) + "> " + printable(request) + "\n";
        const std::string expected =
            model_.exchange(step.connection, step.words, unix_milliseconds());
        std::size_t replies = 0;
        for (std::string_view rest = expected; !rest.empty(); ++replies)
            rest.remove_prefix(reply_length(rest));
        RawConnection& real = step.connection == 0 ? first_ : second_;
        const std::string answer = real.exchange(request, replies);
        ++counts_.commands;
        counts_.errors += answer[0] == '-' ? 1 : 0;
        auto& queued = queued_[step.connection];
        if (!same_reply(step.words, queued, answer, expected)) report(answer, expected);
        if (answer == "+QUEUED\r\n") queued.push_back(step.words);
        else if (answer == "+OK\r\n" || answer[0] == '*') queued.clear();
    }

private:
    void report(std::string_view answer, std::string_view expected) {
        if (++counts_.differences > differences_max) return;
        ADD_FAILURE() << history_.substr(history_.size() > 1500 ? history_.size() - 1500 : 0)
                      << "real:  " << printable(answer) << "\nmodel: " << printable(expected);
    }

    RawConnection first_;
    RawConnection second_;
    ModelSide model_;
    Counts& counts_;
    std::string history_;
    std::vector<Words> queued_[2];
};

void run_sequence(CommandGenerator& generator, int port, RawConnection& control, Counts& counts) {
    control.exchange("*1\r\n$8\r\nFLUSHALL\r\n", 1);
    control.exchange("*2\r\n$6\r\nSCRIPT\r\n$5\r\nFLUSH\r\n", 1);
    Sequence sequence(port, counts);
    for (int i = 0; i < commands_per_sequence; ++i) sequence.compare(generator.next());
}

/// What no sequence can contain: replication's own commands, and the end of a connection.
bool never_drawn(std::string_view name) {
    return name == "psync" || name == "replconf" || name == "quit" ||
           name.find('|') != std::string_view::npos;
}

}  // namespace

TEST(EngineConformance, AnswersAsTheRealServerDoes) {
    live::RedisServer server;
    RawConnection control(server.port());
    CommandGenerator generator{sim::Stream(chosen_seed())};
    Counts counts;
    int done = 0;
    for (; done < sequences && counts.differences < differences_max; ++done)
        run_sequence(generator, server.port(), control, counts);
    EXPECT_GE(counts.errors * 10, counts.commands * 3) << "too few wrong commands were drawn";
    for (const servers::redis::Command& command : servers::redis::command_table())
        EXPECT_TRUE(never_drawn(command.name) ||
                    generator.drawn().contains(std::string(command.name)))
            << command.name;
    std::cout << "summary: " << done << " sequences, " << counts.commands << " commands, "
              << counts.differences << " differences" << std::endl;
    EXPECT_EQ(counts.differences, 0u);
}

}  // namespace conclave::conformance
