#pragma once

// One leader at a time.

#include <functional>
#include <memory>
#include <optional>

#include "conclave/driver.hpp"
#include "conclave/name.hpp"
#include "conclave/validity.hpp"

namespace conclave {

/// A leadership that is held. See Handle.
class [[nodiscard]] Leadership : public Handle {
public:
    /// Grows with each leadership of the group, as far as the driver claims Feature::fencing.
    std::uint64_t epoch() const noexcept { return token(); }
    /// Stands down. False when this client no longer led.
    /// Errors: unknown - ConnectionError, OperationTimedOut; the leadership has ended for us.
    bool resign() { return give_up(); }
    Result<bool> try_resign();

private:
    friend class Election;
    Leadership(std::shared_ptr<detail::ClientCore> core, std::shared_ptr<detail::Hold> hold)
        : Handle(std::move(core), std::move(hold)) {}
};

/// How a leadership ended.
enum class LeadEnd : std::uint8_t {
    resigned,  ///< the body returned while it led
    lost,      ///< the leadership had ended before the body did
    stopped,   ///< the client stopped
};

/// Leader election among the clients that campaign in one group. Any thread, and copies of it.
class Election {
public:
    Election(std::shared_ptr<detail::ClientCore> core, GroupId group);

    /// Campaigns for at most `limit`; zero is one attempt. nullopt while another led throughout.
    /// Errors: as Mutex::acquire_for().
    std::optional<Leadership> campaign_for(Duration limit);
    Result<std::optional<Leadership>> try_campaign_for(Duration limit);

    /// Campaigns until it leads, runs `body` on the calling thread, and returns only after the body
    /// has ended: a body runs exactly when this client was elected. The body must look at valid();
    /// nothing interrupts it. Loop to lead again.
    ///
    /// Blocks:  without a limit; until the client stops.
    /// Errors:  what the body throws, after resigning; NotImplemented
    LeadEnd lead(const std::function<void(Leadership&)>& body);

    /// Who leads, as far as the backend can tell.
    /// Errors: none - ConnectionError, OperationTimedOut, NotImplemented
    Leader leader();
    Result<Leader> try_leader();

    const GroupId& group() const noexcept { return group_; }

private:
    std::optional<Leadership> campaign(Deadline deadline, bool once);

    std::shared_ptr<detail::ClientCore> core_;
    GroupId group_;
};

}  // namespace conclave
