#include "sequence.hpp"

#include <chrono>

#include "engine/reply_writer.hpp"
#include "model_side.hpp"
#include "reply_comparison.hpp"

namespace conclave::conformance {

namespace {

constexpr int runs_to_believe = 3;
constexpr int runs_max = 20;           // until so many in a row were prompt
constexpr std::int64_t prompt_ms = 20;  // an answer that takes longer was held back
constexpr std::int64_t pause_ms = CommandGenerator::brief_ms + 5;
constexpr std::size_t shown_bytes = 1500;

std::int64_t unix_milliseconds() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::size_t count_replies(std::string_view bytes) {
    std::size_t replies = 0;
    for (; !bytes.empty(); ++replies) bytes.remove_prefix(reply_length(bytes));
    return replies;
}

/// A fresh model against fresh connections to the emptied real server.
class Run {
public:
    explicit Run(int port)
        : first_(port), second_(port), third_(port), waiting_(port), begin_ms_(unix_milliseconds()) {}

    Outcome take() { return std::move(outcome_); }

    void take_step(const Step& step) {
        if (step.words.empty()) pause();
        else compare(step);
    }

private:
    /// What was given a brief life is dead after this, on both sides.
    void pause() {
        const std::int64_t now = unix_milliseconds();
        outcome_.late = outcome_.late || now - begin_ms_ >= CommandGenerator::brief_ms - 5;
        outcome_.crossed = model_.expired(now + pause_ms);
        // The real server lets the time pass: nobody pushes to this list.
        std::string request;
        const std::vector<std::string> wait{
            "BLPOP", "nobody", std::to_string(static_cast<double>(pause_ms) / 1000)};
        servers::redis::append_request(request, wait);
        waiting_.exchange(request, 1);
        history_ += "  pause of " + std::to_string(pause_ms) + " ms\n";
    }

    /// Sends one step to both; the number of replies is what the model wrote.
    void compare(const Step& step) {
        std::string request;
        servers::redis::append_request(request, step.words);
        history_ += std::to_string(step.connection) + "> " + printable(request) + "\n";
        const std::int64_t begin = unix_milliseconds();
        const std::string expected = model_.exchange(step.connection, step.words, begin);
        RawConnection* const connections[]{&first_, &second_, &third_};
        RawConnection& real = *connections[step.connection];
        const std::string answer = real.exchange(request, count_replies(expected));
        outcome_.late = outcome_.late || unix_milliseconds() - begin > prompt_ms;
        outcome_.errors += answer[0] == '-' ? 1 : 0;
        auto& queued = queued_[step.connection];
        if (!same_reply(step.words, queued, answer, expected)) report(answer, expected);
        if (answer == "+QUEUED\r\n") queued.push_back(step.words);
        else if (answer == "+OK\r\n" || answer[0] == '*') queued.clear();
    }

    void report(std::string_view answer, std::string_view expected) {
        const std::string recent =
            history_.substr(history_.size() > shown_bytes ? history_.size() - shown_bytes : 0);
        outcome_.differences.push_back(recent + "real:  " + printable(answer) +
                                       "\nmodel: " + printable(expected));
    }

    RawConnection first_;
    RawConnection second_;
    RawConnection third_;
    RawConnection waiting_;
    ModelSide model_;
    const std::int64_t begin_ms_;
    Outcome outcome_;
    std::string history_;
    std::vector<Words> queued_[3];
};

}  // namespace

Outcome Sequences::run(const std::vector<Step>& steps) {
    control_.exchange("*1\r\n$8\r\nFLUSHALL\r\n", 1);
    control_.exchange("*2\r\n$6\r\nSCRIPT\r\n$5\r\nFLUSH\r\n", 1);
    Run run(port_);
    for (const Step& step : steps) run.take_step(step);
    return run.take();
}

Sequences::Judged Sequences::judge(const std::vector<Step>& steps) {
    Judged judged{Verdict::same, run(steps)};
    if (!judged.outcome.differs()) return judged;
    int believed = judged.outcome.late ? 0 : 1;
    for (int runs = 1; believed < runs_to_believe; ++runs) {
        if (runs == runs_max) return {Verdict::undecided, std::move(judged.outcome)};
        Outcome again = run(steps);
        if (again.late) continue;
        if (!again.differs()) return {Verdict::race, std::move(judged.outcome)};
        judged.outcome = std::move(again);
        ++believed;
    }
    judged.verdict = Verdict::different;
    return judged;
}

std::vector<Step> Sequences::shrink(std::vector<Step> steps) {
    for (std::size_t left = steps.size(); left > 0; --left) {
        std::vector<Step> fewer = steps;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(left - 1));
        if (judge(fewer).verdict == Verdict::different) steps = std::move(fewer);
    }
    return steps;
}

}  // namespace conclave::conformance
