#pragma once

// What a driver implements: one attempt of each primitive, bounded by a deadline. Waiting, renewal,
// watching and handles are written once, above it. A null facet means that the backend cannot do it.
// All calls are made on fibers of the driver's runtime and may park.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conclave/error.hpp"
#include "conclave/time.hpp"
#include "conclave/value.hpp"

namespace conclave {

/// The ten properties a driver may claim; docs of each in the seed API.
enum class Characteristic : std::uint8_t {
    distributed_across_threads,
    distributed_across_processes,
    distributed_across_hosts,
    non_timeout_based,
    linearizable,
    sequential,
    causal,
    serializable,
    same_view_under_partitions,
    same_view_across_clients,
};

/// What a driver may claim beyond the ten.
enum class Feature : std::uint8_t {
    exclusive_by_belief,   ///< no two clients believe to hold one lock at the same time
    fencing,               ///< the token grows across every failure of this configuration
    membership_accuracy,   ///< a member that renews in time is never absent
};
std::string_view to_string(Characteristic characteristic) noexcept;
std::string_view to_string(Feature feature) noexcept;

struct Claims {
    std::set<Characteristic> characteristics;
    std::set<Feature> features;
};

/// One acquisition. `owner` is unique to it and survives retries, so that a lost reply is recognised.
struct Lease {
    std::string name;      ///< the lock's name
    std::string owner;     ///< what the backend stores as the owner's token
    std::uint64_t token = 0;  ///< the driver's fencing counter; 0 when the backend keeps none
    TimePoint belief_until;   ///< believed held strictly before this instant of our clock
};

/// Locks with a lease. Deadlines bound the whole call, retries included.
class Locks {
public:
    virtual ~Locks() = default;
    /// One attempt; nullopt when another owner holds the lock. `owner` is chosen by the caller with
    /// new_owner() and kept across retries of the same acquisition.
    virtual std::optional<Lease> try_acquire(const std::string& name, const std::string& owner,
                                             Deadline deadline) = 0;
    /// Extends the lease; false when it is no longer ours (then `lease` is lost for good).
    virtual bool renew(Lease& lease, Deadline deadline) = 0;
    /// Gives the lock up; false when it was no longer ours. Never removes another owner's lock.
    virtual bool release(const Lease& lease, Deadline deadline) = 0;
    /// Removes whoever holds the lock; false when nobody did.
    virtual bool break_lock(const std::string& name, Deadline deadline) = 0;
    /// Whether the backend still names this acquisition as the owner.
    virtual bool is_owner(const Lease& lease, Deadline deadline) = 0;
    virtual std::string new_owner() = 0;
    /// How long an unrenewed lease lives; Duration::max() where a lease does not lapse.
    virtual Duration ttl() const noexcept = 0;
};

/// Groups with members and capabilities.
class Groups {
public:
    virtual ~Groups() = default;
    virtual void create_group(const std::string& group, Deadline deadline) = 0;
    virtual void delete_group(const std::string& group, Deadline deadline) = 0;
    virtual std::vector<std::string> get_groups(Deadline deadline) = 0;  ///< sorted
    virtual void join_group(const std::string& group, const Value& capabilities,
                            Deadline deadline) = 0;
    virtual void leave_group(const std::string& group, Deadline deadline) = 0;
    virtual std::set<std::string> get_members(const std::string& group, Deadline deadline) = 0;
    virtual std::map<std::string, Value> get_members_with_capabilities(const std::string& group,
                                                                       Deadline deadline) = 0;
    virtual Value get_member_capabilities(const std::string& group, const std::string& member,
                                          Deadline deadline) = 0;
    virtual void update_capabilities(const std::string& group, const Value& capabilities,
                                     Deadline deadline) = 0;
};

/// Who leads a group, as far as the backend can tell.
struct Leader {
    enum class Known : std::uint8_t { nobody, member, foreign };
    Known known = Known::nobody;
    std::string member_id;  ///< set when known is member; a foreign peer led without leaving its id
};

/// Leader election: a lock per group plus the leader's id beside it.
class Elections {
public:
    virtual ~Elections() = default;
    virtual std::optional<Lease> try_lead(const std::string& group, const std::string& owner,
                                          Deadline deadline) = 0;
    virtual bool renew(Lease& leadership, Deadline deadline) = 0;
    virtual bool resign(const Lease& leadership, Deadline deadline) = 0;
    virtual Leader get_leader(const std::string& group, Deadline deadline) = 0;
    virtual std::string new_owner() = 0;
};

/// What a renewal of this member's liveness found.
struct Beat {
    Duration timeout{};  ///< it must be renewed again before this has passed, or the member lapses
    std::vector<std::string> rejoined;  ///< groups that had evicted us and list us again
    std::vector<std::string> lost;      ///< groups that are gone, or in which another join of our
                                        ///< member id took our place; not renewed any more
};

class Driver {
public:
    virtual ~Driver() = default;
    /// Connects and checks the server. Throws ConnectionError or Error; a failed start may be
    /// repeated.
    virtual void start(Deadline deadline) = 0;
    /// Withdraws this member's beat and closes; backend errors are swallowed. Bounded by `deadline`.
    virtual void stop(Deadline deadline) = 0;
    /// Renews this member's liveness and its memberships once. A membership that the backend lost is
    /// rejoined.
    virtual Beat heartbeat(Deadline deadline) = 0;
    /// Whether heartbeat() must be called for what is held to last.
    virtual bool requires_beating() const { return true; }
    /// What this configuration promises inside its declared envelope.
    virtual Claims claims() const = 0;
    virtual Locks* locks() noexcept = 0;
    virtual Groups* groups() noexcept = 0;
    virtual Elections* elections() noexcept = 0;
};

}  // namespace conclave
