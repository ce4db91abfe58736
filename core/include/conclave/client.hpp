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
    /// wait is drawn from [half of it, the whole].
    Duration poll = std::chrono::milliseconds(100);
};

/// What stop() could not wait for.
struct StopReport {
    /// Names of what is still held by handles, and of watches whose callback is running. It is not
    /// given up early: it lapses at the backend with its ttl.
    std::vector<std::string> still_running;
};

/// A started client. Any thread; copies are the same client.
///
/// The last copy, with the last handle, stops it within the operation timeout when stop() was not
/// called. On a fiber it must have been stopped, since a destructor cannot park.
class Client {
public:
    /// Starts a client over `driver` on the runtime behind `gate`, which outlives it and all its
    /// handles. conclave::connect() does this with a runtime of its own.
    /// Errors: none - ConnectionError, Error, DriverChosenPoorly
    static Client start(Gate& gate, std::unique_ptr<Driver> driver, const MemberId& member_id,
                        const std::vector<Requirement>& requirements = {}, ClientTimes times = {});
    explicit Client(std::shared_ptr<detail::ClientCore> core) : core_(std::move(core)) {}
    /// The same with a runtime of its own, which ends with the last copy and handle.
    static Client start(std::unique_ptr<OwnedRuntime> runtime,
                        const detail::DriverFactory& make_driver, const MemberId& member_id,
                        const std::vector<Requirement>& requirements = {}, ClientTimes times = {});

    Mutex mutex(LockName name) const { return {core_, std::move(name)}; }
    Election election(GroupId group) const { return {core_, std::move(group)}; }
    Group group(GroupId id) const { return {core_, std::move(id)}; }
    /// The names of all groups, sorted. Errors: as Group.
    std::vector<GroupId> groups() const;

    MemberId member_id() const;
    Claims claims() const;

    /// Ends every hold, watch and wait: validity is false and stop tokens fire at once. Then waits for
    /// the handles to be given up and callbacks to end, at most `limit`, and closes. No callback
    /// starts after it returned; what still runs is reported. A second call does nothing.
    StopReport stop(Duration limit = std::chrono::seconds(10));

private:
    std::shared_ptr<detail::ClientCore> core_;
};

}  // namespace conclave
