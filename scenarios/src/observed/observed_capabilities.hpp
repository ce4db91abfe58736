#pragma once

// Members' capabilities as a CallLog is told of them: a register for each life of a member, which its
// join and its updates write.

#include <cstdint>
#include <map>
#include <string>

#include "conclave/value.hpp"
#include "conclave/scenarios/observed/call_log.hpp"

namespace conclave::scenarios {

class ObservedCapabilities {
public:
    ObservedCapabilities(const Incarnation& who, CallLog& log) : who_(who), log_(log) {}

    /// `member` begins to write a version of its capabilities.
    CallLog::Mark writing(const std::string& group, const std::string& member,
                          const std::string& version);
    /// What the next update of this life writes.
    std::string next_version(const std::string& group, const std::string& life);
    CallLog::Mark reading();
    void read(CallLog::Mark mark, const std::string& group, const std::string& member,
              const Value& capabilities);
    /// All were read together, by a call that began at `since_ns` and ends now.
    void read_all(const std::string& group, const std::map<std::string, Value>& members,
                  std::int64_t since_ns);

private:
    const Incarnation who_;
    CallLog& log_;
    std::map<std::pair<std::string, std::string>, std::uint64_t> updates_;  ///< by group and life
};

}  // namespace conclave::scenarios
