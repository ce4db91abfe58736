#pragma once

// What fibers of one process do for each other without a call between them: a watch looks at a group and
// tells the application, a coordinator's fiber calls what the application waits for. Each fiber is a
// session of its own, so the history needs messages.

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "conclave/properties/calls.hpp"
#include "conclave/scenarios/observed/call_journal.hpp"
#include "conclave/time.hpp"

namespace conclave::scenarios {

class CallLog;

/// What a process asked its driver about groups: the numbers of the calls in the groups' history.
class GroupNews {
public:
    /// How a call is recognised: its process's clock at the deadline that it was given.
    struct Question {
        std::string process;
        int incarnation = 1;
        std::string group;
        Deadline deadline;
        friend auto operator<=>(const Question&, const Question&) = default;
    };
    /// One entry is kept for each call.
    void asked(const Question& question, std::uint32_t call) {
        calls_[question].push_back(call);
        askers_.push_back({call, question.process, question.incarnation});
    }
    const std::vector<std::uint32_t>& calls(const Question& question) const;
    /// Those of this incarnation from the `first`-th call of the history on.
    std::vector<std::uint32_t> calls_since(std::uint32_t first, const Incarnation& who) const;

private:
    struct Asker {
        std::uint32_t call = 0;
        std::string process;
        int incarnation = 1;
    };
    std::map<Question, std::vector<std::uint32_t>> calls_;
    std::vector<Asker> askers_;  ///< in the order of the calls
};

/// The running fiber of `who` is told of the look at `group` that was given this deadline: a message
/// from the session that looked, sent when it was answered.
void tell(CallLog& log, const Incarnation& who, const std::string& group, Deadline deadline);

/// Something that the running fiber has others do, and waits for. They know what it knew, and it knows
/// what they were answered once it calls done().
class Errand {
public:
    /// `log` may be null; then nothing is recorded.
    Errand(CallLog* log, Incarnation who);
    void done();

private:
    CallLog* const log_;
    const Incarnation who_;
    std::int64_t begun_ns_ = 0;
    std::uint32_t first_ = 0;
};

}  // namespace conclave::scenarios
