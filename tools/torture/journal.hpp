#pragma once

// What one client process of a torture writes while it runs, one JSON object a line: every call of its
// driver, every interval in which it believed to hold something, every read of members. A line is
// written before what follows from it is done, so that the journal of a killed process tells all that
// it can have sent. merged.hpp reads it.

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>

#include "conclave/driver.hpp"
#include "conclave/scenarios/observed/call_log.hpp"

namespace conclave::torture {

/// Takes one line, without its end. Must not park.
using LineSink = std::function<void(const std::string&)>;

class Journal final : public scenarios::CallJournal {
public:
    explicit Journal(LineSink write) : write_(std::move(write)) {}

    void begun(scenarios::Observed kind, std::uint32_t number,
               const properties::Calls& calls) override;
    void ended(scenarios::Observed kind, std::uint32_t number,
               const properties::Calls& calls) override;
    void doubtful(const std::vector<scenarios::DoubtfulLife>& lives) override;
    void earlier_lives_may_end(const std::string& member, const std::string& group,
                               std::int64_t at_ns) override;

    void started(const Claims& claims);
    /// From now on whatever is held may end without a call.
    void stopping(std::int64_t at_ns);
    /// Why the process gives up.
    void gave_up(const std::string& reason);

    /// A belief begins. Its number is for the calls below.
    struct Belief {
        scenarios::Observed kind{};
        std::string object;
        std::uint64_t token = 0;
        std::int64_t call_ns = 0;   ///< when it was asked for
        std::int64_t begin_ns = 0;  ///< when it was given
        std::int64_t until_ns = 0;  ///< when it ends unless renewed
    };
    std::uint64_t believes(const Belief& belief);
    /// One look at it: the deadline, and what was said of it before that was read.
    void looked(std::uint64_t belief, std::int64_t at_ns, bool valid, std::int64_t until_ns);
    /// It is given up now, or ended when its deadline passed.
    void no_longer_believes(std::uint64_t belief, std::int64_t at_ns, std::int64_t until_ns);

    void read_members(const std::string& group, std::int64_t call_ns, std::int64_t return_ns,
                      const std::set<std::string>& members);

private:
    void write(const nlohmann::json& line);

    LineSink write_;
    std::uint64_t beliefs_ = 0;
};

}  // namespace conclave::torture
