#pragma once

// The journals of all processes of a torture as one history, and what is judged of it. Pure: text goes
// in, verdicts come out. Times are nanoseconds since the run began.

#include <cstdint>
#include <istream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client_loop.hpp"
#include "conclave/properties/history.hpp"

namespace conclave::torture {

/// How one incarnation ended.
struct ProcessEnd {
    scenarios::Incarnation who;
    std::int64_t at_ns = 0;     ///< of a killed one: just before it was; by the common clock
    bool killed = false;
    std::int64_t back_ns = properties::never_ns;  ///< when the next incarnation was started
};

class Merged {
public:
    /// `origin_ns`: when the run began, by the common clock.
    explicit Merged(std::int64_t origin_ns);

    /// Adds the journal of one process, of its earlier incarnations first; a last line without its end was not written, and what
    /// followed from it not done. Errors: std::runtime_error naming the line that cannot be read.
    void add(std::istream& journal, const ProcessEnd& end);
    /// Clients on both sides of a link that was cut; by the common clock.
    void partitioned(std::int64_t begin_ns, std::int64_t end_ns, const std::vector<std::string>& a,
                     const std::vector<std::string>& b);
    /// A process stood still; by the common clock.
    void paused(const std::string& process, std::int64_t begin_ns, std::int64_t end_ns);
    /// Brings the calls into the order of their beginnings. Requires: no call of add() follows.
    void finish();

    scenarios::CallLog log;
    properties::History history;
    std::optional<Claims> claims;          ///< none when no client started
    std::vector<std::string> complaints;   ///< of clients that gave up

private:
    friend class JournalReader;
    std::int64_t origin_ns_;
    /// Calls that began lives, by process; of its earlier incarnations first.
    std::map<std::string, std::vector<std::size_t>> joins_;
};

}  // namespace conclave::torture
