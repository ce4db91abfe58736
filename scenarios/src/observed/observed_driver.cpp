#include "conclave/scenarios/observed/observed_driver.hpp"

#include <optional>

#include "observed_groups.hpp"
#include "observed_holds.hpp"

namespace conclave::scenarios {

namespace {

class ObservedDriver final : public Driver {
public:
    ObservedDriver(const Runtime& runtime, std::unique_ptr<Driver> right, const std::string& member,
                   Duration membership_timeout, const Incarnation& who, CallLog& log)
        : right_(std::move(right)) {
        Locks* const locks = right_->locks();
        if (locks) locks_.emplace(runtime, *locks, who, log);
        if (Elections* const elections = right_->elections())
            elections_.emplace(runtime, *elections, member,
                               locks ? locks->ttl() : Duration::max(), who, log);
        if (Groups* const groups = right_->groups())
            groups_.emplace(*groups, member, membership_timeout, who, log);
        const auto self_beating = dynamic_cast<SelfBeating*>(right_.get());
        if (self_beating && groups_) self_beating->observe_beats(*groups_);
    }

    void start(Deadline deadline) override { right_->start(deadline); }
    void stop(Deadline deadline) override {
        if (groups_) groups_->stopping();
        right_->stop(deadline);
    }

    Beat heartbeat(Deadline deadline) override {
        if (!groups_) return right_->heartbeat(deadline);
        groups_->beating();
        try {
            Beat beat = right_->heartbeat(deadline);
            groups_->beaten(beat);
            return beat;
        } catch (const Error& error) {
            groups_->beat_failed(error);
            throw;
        }
    }

    bool requires_beating() const override { return right_->requires_beating(); }
    Claims claims() const override { return right_->claims(); }
    Remarks examine(Deadline deadline) override { return right_->examine(deadline); }
    Locks* locks() noexcept override { return locks_ ? &*locks_ : nullptr; }
    Locks* shared_locks() noexcept override { return right_->shared_locks(); }
    Groups* groups() noexcept override { return groups_ ? &*groups_ : nullptr; }
    Elections* elections() noexcept override { return elections_ ? &*elections_ : nullptr; }
    Changes* changes() noexcept override { return right_->changes(); }

private:
    std::unique_ptr<Driver> right_;
    std::optional<ObservedLocks> locks_;
    std::optional<ObservedElections> elections_;
    std::optional<ObservedGroups> groups_;
};

}  // namespace

std::unique_ptr<Driver> observe(const Runtime& runtime, std::unique_ptr<Driver> driver,
                                const std::string& member, Duration membership_timeout,
                                const Incarnation& who, CallLog& log) {
    return std::make_unique<ObservedDriver>(runtime, std::move(driver), member, membership_timeout,
                                            who, log);
}

}  // namespace conclave::scenarios
