#pragma once

// The face of this library: a client of one backend, and what can be held through it.

#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "conclave/driver.hpp"
#include "conclave/election.hpp"
#include "conclave/gate.hpp"
#include "conclave/group.hpp"
#include "conclave/mutex.hpp"

namespace conclave {

namespace detail {
/// Makes a driver on a fiber of its runtime, to which its connections belong.
using DriverFactory = std::function<std::unique_ptr<Driver>(Runtime&)>;
}  // namespace detail

/// Something a driver must claim.
using Requirement = std::variant<Characteristic, Feature>;

/// Errors: no effect - DriverChosenPoorly naming what is missing, requested and available.
void require(const Claims& claims, const std::vector<Requirement>& requirements);

struct ClientTimes {
    /// Bounds each single call to the backend, retries included.
    Duration operation = std::chrono::seconds(10);
    /// How long a waiting acquisition or a watch of a polled backend waits between two looks; each
    /// wait is drawn from [half of it, the whole]. Ten times as long where the backend tells of
    /// changes, see Changes: what it does not tell of is found by looking.
    Duration poll = std::chrono::milliseconds(100);
};

/// What stop() could not wait for.
struct StopReport {
    /// Names of what is still held by handles, of holds and groups whose callback is running, and of
    /// the caller of hooks: "hooks". What is held is not given up early: it lapses at the backend with
    /// its ttl.
    std::vector<std::string> still_running;
};

/// A started client. Any thread; copies are the same client. Each try_x() is x() with what it throws
/// as a Failure.
///
/// The last copy, with the last handle, stops it within the operation timeout when stop() was not
/// called. On a fiber it must have been stopped, since a destructor cannot park.
class Client {
public:
    /// Starts a client over `driver` on the runtime behind `gate`, which outlives it and all its
    /// handles. conclave::connect() does this with a runtime of its own.
    ///
    /// Blocks:  while it connects and beats once, at most twice the operation timeout, and as long
    ///          again to close what a failed start has opened
    /// Limits:  a `member_id` of 1 byte or more, which no other running client of the backend has
    /// Errors:  none    - DriverChosenPoorly, before anything is sent; ConnectionError,
    ///                    OperationTimedOut, AccessDenied, Error while it connects
    ///          unknown - ConnectionError, OperationTimedOut, Error of the first beat, which lapses
    static Client start(Gate& gate, std::unique_ptr<Driver> driver, const MemberId& member_id,
                        const std::vector<Requirement>& requirements = {}, ClientTimes times = {});
    static Result<Client> try_start(Gate& gate, std::unique_ptr<Driver> driver,
                                    const MemberId& member_id,
                                    const std::vector<Requirement>& requirements = {},
                                    ClientTimes times = {});
    /// The same with a runtime of its own, which ends with the last copy and handle. Errors: as well,
    /// without an effect, what `make_driver` throws.
    static Client start(std::unique_ptr<OwnedRuntime> runtime,
                        const detail::DriverFactory& make_driver, const MemberId& member_id,
                        const std::vector<Requirement>& requirements = {}, ClientTimes times = {});
    static Result<Client> try_start(std::unique_ptr<OwnedRuntime> runtime,
                                    const detail::DriverFactory& make_driver,
                                    const MemberId& member_id,
                                    const std::vector<Requirement>& requirements = {},
                                    ClientTimes times = {});
    explicit Client(std::shared_ptr<detail::ClientCore> core) : core_(std::move(core)) {}

    /// These do no I/O. Errors: none - Error for an empty name.
    Mutex mutex(LockName name) const { return {core_, std::move(name)}; }
    Election election(GroupId group) const { return {core_, std::move(group)}; }
    Group group(GroupId id) const { return {core_, std::move(id)}; }
    /// The names of all groups, sorted. Blocks and Errors: as Group.
    std::vector<GroupId> groups() const;
    Result<std::vector<GroupId>> try_groups() const;

    MemberId member_id() const;
    Claims claims() const;
    /// What an operator should know about this backend: what could break what its driver claims.
    ///
    /// Blocks:  for a few exchanges with the backend, at most the operation timeout
    /// Errors:  none    - AccessDenied; Error when the client has stopped
    ///          unknown - ConnectionError, OperationTimedOut; in a folder a file of its own may stay
    ///                    behind, which nobody reads
    Remarks examine() const;
    Result<Remarks> try_examine() const;

    /// Ends every hold, watch and wait: validity is false and stop tokens fire at once. Then waits for
    /// the handles to be given up, and for calls and callbacks to end, and closes: calls that still
    /// wait for the backend fail then. No callback begins after it returned, but for those of a stop
    /// token behind one that still runs; what still runs is reported. May be called from a callback,
    /// which it does not wait for. While another stop() is under way it waits for that one, unless it
    /// is called from a callback; after it, it only reports.
    ///
    /// Blocks:  at most `limit`.
    /// Limits:  a callback that blocks the runtime's thread by other means than this library blocks
    ///          this too.
    /// Errors:  none. Those of the backend are told to the observer only.
    StopReport stop(Duration limit = std::chrono::seconds(10));

private:
    friend struct detail::Asynchronous;
    std::shared_ptr<detail::ClientCore> core_;
};

}  // namespace conclave
