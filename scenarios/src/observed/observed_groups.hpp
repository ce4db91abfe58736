#pragma once

// Groups that tell a CallLog what they are asked and what they answer. Each time a member joins it
// begins a life of its own, told apart by its capabilities: what a client chose for them is replaced.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conclave/driver.hpp"
#include "conclave/scenarios/observed/call_log.hpp"
#include "conclave/scenarios/observed/self_beating.hpp"
#include "observed_capabilities.hpp"

namespace conclave::scenarios {

class ObservedGroups final : public Groups, public BeatObserver {
public:
    ObservedGroups(Groups& right, std::string member, Duration membership_timeout,
                   const Incarnation& who, CallLog& log);
    /// Beats of unknown outcome may still bring a lapsed member back.
    ~ObservedGroups() override;

    void create_group(const std::string& group, Deadline deadline) override {
        right_.create_group(group, deadline);
    }
    void delete_group(const std::string& group, Deadline deadline) override {
        right_.delete_group(group, deadline);
    }
    std::vector<std::string> get_groups(Deadline deadline) override {
        return right_.get_groups(deadline);
    }
    void join_group(const std::string& group, const Value& capabilities,
                    Deadline deadline) override;
    void leave_group(const std::string& group, Deadline deadline) override;
    /// Asks for the capabilities too: they tell the lives apart.
    std::set<std::string> get_members(const std::string& group, Deadline deadline) override;
    std::map<std::string, Value> get_members_with_capabilities(const std::string& group,
                                                               Deadline deadline) override;
    Value get_member_capabilities(const std::string& group, const std::string& member,
                                  Deadline deadline) override;
    void update_capabilities(const std::string& group, const Value& capabilities,
                             Deadline deadline) override;
    Value get_member_info(const std::string& group, const std::string& member,
                          Deadline deadline) override {
        return right_.get_member_info(group, member, deadline);
    }

    /// Around the driver's heartbeat and stop.
    void beating() override;
    void beaten(const Beat& beat) override;
    void beat_failed(const Error& error) override;
    void stopping();

private:
    /// A membership as far as we know.
    struct Standing {
        std::string life;
        std::int64_t renewed_ns = 0;  ///< when the last certain renewal was called
    };
    /// Lives that a beat of unknown outcome may have brought back, and since when: by group and life.
    using Doubtful = std::map<std::pair<std::string, std::string>, std::int64_t>;
    /// Adds what the beat that is under way may bring back, whatever becomes of us.
    void doubt_beat(Doubtful& doubtful) const;
    CallLog::Mark begin(properties::Action action, const std::string& group,
                        const std::string& life, std::optional<std::int64_t> since_ns = {});
    /// Begins what the client asks for.
    CallLog::Mark ask(properties::Action action, const std::string& group, const std::string& life,
                      Deadline deadline);
    std::string number_of(std::uint64_t life) const {
        return log_.life_prefix() + std::to_string(life);
    }
    std::map<std::string, Value> read_members(const std::string& group, Deadline deadline);
    void leave_unknown_life(const std::string& group, Deadline deadline);
    void may_end_any_life(const std::string& group);
    void bring_back_doubtful();
    /// Tells the log what doubtful_ holds, and what a beat that is under way may bring back.
    void tell_doubtful();

    Groups& right_;
    const std::string member_;
    const std::int64_t lease_ns_;
    const Incarnation who_;
    CallLog& log_;
    ObservedCapabilities capabilities_;
    std::map<std::string, std::vector<std::string>> joins_in_doubt_;  ///< lives, by group
    std::map<std::string, Standing> standing_;
    bool beat_under_way_ = false;
    std::int64_t beat_called_ns_ = 0;
    std::map<std::string, Standing> beating_for_;  ///< as it stood when the beat was called
    Doubtful doubtful_;
};

}  // namespace conclave::scenarios
