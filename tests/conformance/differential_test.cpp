// Random sequences of commands go to the model's engine and to a real redis-server; their replies
// are compared byte for byte.
//
// The two read their clocks one after the other, so that a key may expire, or a time be the later one,
// for one of them only; more so when the real server holds a command back, as CLIENT PAUSE does for up
// to 100 ms. What the same commands do not show again, promptly answered, was such a race; it is
// counted and printed. A difference of the model shows each time.

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

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
constexpr int runs_to_believe = 3;             // in a row with a difference
constexpr std::int64_t prompt_ms = 20;         // an answer that takes longer was held back

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
    std::uint64_t races = 0;  ///< sequences that differed and, run again, did not
};

/// What one run of a sequence came to.
struct Outcome {
    std::vector<std::string> differences;
    std::uint64_t errors = 0;
    bool held_back = false;  ///< some answer took long
    bool differs() const { return !differences.empty() && !held_back; }
};

/// One sequence: a fresh model against fresh connections to the emptied real server.
class Sequence {
public:
    explicit Sequence(int port) : first_(port), second_(port) {}

    const Outcome& outcome() const { return outcome_; }

    /// Sends one step to both; the number of replies is what the model wrote.
    void compare(const Step& step) {
        std::string request;
        servers::redis::append_request(request, step.words);
        history_ += std::to_string(step.connection) + "> " + printable(request) + "\n";
        const std::int64_t begin = unix_milliseconds();
        const std::string expected = model_.exchange(step.connection, step.words, begin);
        std::size_t replies = 0;
        for (std::string_view rest = expected; !rest.empty(); ++replies)
            rest.remove_prefix(reply_length(rest));
        RawConnection& real = step.connection == 0 ? first_ : second_;
        const std::string answer = real.exchange(request, replies);
        outcome_.held_back = outcome_.held_back || unix_milliseconds() - begin > prompt_ms;
        outcome_.errors += answer[0] == '-' ? 1 : 0;
        auto& queued = queued_[step.connection];
        if (!same_reply(step.words, queued, answer, expected)) report(answer, expected);
        if (answer == "+QUEUED\r\n") queued.push_back(step.words);
        else if (answer == "+OK\r\n" || answer[0] == '*') queued.clear();
    }

private:
    void report(std::string_view answer, std::string_view expected) {
        const std::string recent =
            history_.substr(history_.size() > 1500 ? history_.size() - 1500 : 0);
        outcome_.differences.push_back(recent + "real:  " + printable(answer) +
                                       "\nmodel: " + printable(expected));
    }

    RawConnection first_;
    RawConnection second_;
    ModelSide model_;
    Outcome outcome_;
    std::string history_;
    std::vector<Words> queued_[2];
};

Outcome run_once(const std::vector<Step>& steps, int port, RawConnection& control) {
    control.exchange("*1\r\n$8\r\nFLUSHALL\r\n", 1);
    control.exchange("*2\r\n$6\r\nSCRIPT\r\n$5\r\nFLUSH\r\n", 1);
    Sequence sequence(port);
    for (const Step& step : steps) sequence.compare(step);
    return sequence.outcome();
}

void run_sequence(CommandGenerator& generator, int port, RawConnection& control, Counts& counts) {
    std::vector<Step> steps;
    for (int i = 0; i < commands_per_sequence; ++i) steps.push_back(generator.next());
    const Outcome outcome = run_once(steps, port, control);
    counts.commands += steps.size();
    counts.errors += outcome.errors;
    if (outcome.differences.empty()) return;
    bool believed = outcome.differs();
    for (int run = 1; believed && run < runs_to_believe; ++run)
        believed = run_once(steps, port, control).differs();
    if (!believed) {
        ++counts.races;
        return;
    }
    counts.differences += outcome.differences.size();
    for (const std::string& difference : outcome.differences) ADD_FAILURE() << difference;
}

/// What no sequence can contain: replication's own commands, and the end of a connection.
bool never_drawn(std::string_view name) {
    return name == "psync" || name == "replconf" || name == "quit" ||
           name.find('|') != std::string_view::npos;
}

}  // namespace

TEST(EngineConformance, AnswersAsTheRealServerDoes) {
    live::RedisServer server({.lines = {"enable-debug-command yes"}});
    RawConnection control(server.port());
    // When the server deletes a key that has expired is its own affair, and DBSIZE tells it.
    ASSERT_EQ(control.exchange("*3\r\n$5\r\nDEBUG\r\n$17\r\nSET-ACTIVE-EXPIRE\r\n$1\r\n0\r\n", 1),
              "+OK\r\n");
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
              << counts.differences << " differences, " << counts.races << " races of the clocks"
              << std::endl;
    EXPECT_EQ(counts.differences, 0u);
    EXPECT_LT(counts.races, sequences / 50u) << "too many to be races";
}

}  // namespace conclave::conformance
