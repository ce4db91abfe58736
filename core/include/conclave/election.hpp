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
    Leadership() = default;
    /// Grows with each leadership of the group, as far as the driver claims Feature::fencing.
    std::uint64_t epoch() const noexcept { return token(); }
    /// Stands down. False when this client no longer led.
    ///
    /// Blocks:  for one exchange with the backend, at most the operation timeout
    /// Errors:  unknown - ConnectionError, OperationTimedOut; the leadership has ended for us in any
    ///          case, and at the backend at its ttl at the latest
    bool resign() { return give_up(); }
    Result<bool> try_resign();

private:
    friend struct detail::Asynchronous;
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

/// Leader election among the clients that campaign in one group. Any thread, and copies of it. Each
/// try_x() is x() with the Error that it throws as a Failure.
class Election {
public:
    /// As Client::election(). Errors: none - Error for an empty name.
    Election(std::shared_ptr<detail::ClientCore> core, GroupId group);

    /// Campaigns for at most `limit`; zero or less is one attempt. nullopt when another led
    /// throughout. The group need not exist.
    ///
    /// Blocks:  at most `limit`; one attempt at most the operation timeout
    /// Errors:  as Mutex::acquire_for()
    std::optional<Leadership> campaign_for(Duration limit);
    Result<std::optional<Leadership>> try_campaign_for(Duration limit);

    /// Campaigns until it leads, runs `body` on the calling thread, and returns only after the body
    /// has ended: a body runs exactly when this client was elected. The body must look at valid();
    /// nothing interrupts it. Loop to lead again.
    ///
    /// Blocks:  without a limit while others lead, until the client stops; then as long as the body;
    ///          then for the resignation, at most the operation timeout
    /// Errors:  what the body throws, once the leadership was given up in the background
    ///          none    - as Mutex::acquire(), but for Cancelled, which is LeadEnd::stopped; the body
    ///                    did not run
    ///          unknown - Error of a campaign, as there: the body did not run; ConnectionError,
    ///                    OperationTimedOut of the resignation: the body has run, and the leadership
    ///                    has ended for us in any case
    LeadEnd lead(const std::function<void(Leadership&)>& body);
    /// What the body throws and is no Error leaves this too.
    Result<LeadEnd> try_lead(const std::function<void(Leadership&)>& body);

    /// Who leads, as far as the backend can tell.
    ///
    /// Blocks:  for one exchange with the backend, at most the operation timeout
    /// Errors:  none - ConnectionError, OperationTimedOut, NotImplemented, Error when the client has
    ///          stopped
    Leader leader();
    Result<Leader> try_leader();

    const GroupId& group() const noexcept { return group_; }

private:
    friend struct detail::Asynchronous;
    std::optional<Leadership> campaign(Deadline deadline, bool once);

    std::shared_ptr<detail::ClientCore> core_;
    GroupId group_;
};

}  // namespace conclave
