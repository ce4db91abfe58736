#pragma once

// One sequence of commands, sent to the model's engine and to a real redis-server; their replies are
// compared byte for byte.
//
// The two read their clocks one after the other, so that a key may expire, or a time be the later one,
// for one of them only; more so when the real server holds an answer back. A difference counts when
// the same commands show it `runs_to_believe` times in a row, each time promptly answered; prompt
// runs without it show that it was such a race.

#include <cstdint>
#include <string>
#include <vector>

#include "command_generator.hpp"
#include "raw_connection.hpp"

namespace conclave::conformance {

/// What one run of a sequence came to.
struct Outcome {
    std::vector<std::string> differences;  ///< each with what was sent before it
    std::uint64_t errors = 0;              ///< error replies
    std::uint64_t crossed = 0;             ///< keys that had expired after the pause
    bool late = false;  ///< an answer was held back, or a brief life ended before the pause for it
    bool differs() const { return !differences.empty(); }
};

class Sequences {
public:
    /// `port` is that of a real server of its own.
    explicit Sequences(int port) : port_(port), control_(port) {}

    enum class Verdict : std::uint8_t { same, race, different, undecided };
    struct Judged {
        Verdict verdict = Verdict::same;
        Outcome outcome;  ///< of the first run; of the last when it is different
    };
    Judged judge(const std::vector<Step>& steps);
    /// Without the steps that a difference does not need; `steps` differ.
    std::vector<Step> shrink(std::vector<Step> steps);

private:
    Outcome run(const std::vector<Step>& steps);

    int port_;
    RawConnection control_;
};

}  // namespace conclave::conformance
