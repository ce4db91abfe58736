#pragma once

// Shares objects out among the members of a group: a HashRing that follows the group. Service
// authors ask it who an object belongs to; no question does I/O.
// Thread-safety: one thread or fiber at a time, and the view's calls count.
// Source: tooz partitioner.Partitioner; docs/partitioner.md lists the deliberate differences.

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conclave/hash_ring.hpp"
#include "conclave/value.hpp"

namespace conclave {

/// What a Partitioner knows a group by; one view serves one partitioner.
///
/// Requires: `changed` runs while the group is not as this view last read it, again when that throws,
///           from the return of watch() on, and never during or after unwatch(). It may do I/O.
class GroupView {
public:
    virtual ~GroupView() = default;
    /// Whose view it is; the same for ever.
    virtual const std::string& member_id() const noexcept = 0;
    /// One look at the group, not older than the call; a group that does not exist has no members.
    virtual std::map<std::string, Value> get_members_with_capabilities() = 0;
    /// Errors: no effect - whatever the backend throws; then unwatch() is not called.
    virtual void watch(std::function<void()> changed) = 0;
    /// Never parks: a destructor calls it.
    virtual void unwatch() noexcept = 0;
};

class Partitioner {
public:
    /// Watches the group, then reads it: a member that joins between the two is not missed.
    /// Blocks as the view does. Errors: no effect - BadOption, and whatever the view throws.
    explicit Partitioner(std::unique_ptr<GroupView> view,
                         std::uint64_t partitions = HashRing::default_partitions);
    ~Partitioner() { stop(); }
    Partitioner(const Partitioner&) = delete;
    Partitioner& operator=(const Partitioner&) = delete;

    /// The members responsible for `object`, its bytes: `replicas` distinct ones, the first of them
    /// first, or as many as there are; none when the group was empty.
    std::vector<std::string> members_for_object(std::string_view object,
                                                const std::set<std::string>& ignore_members = {},
                                                std::size_t replicas = 1) const;
    bool belongs_to_member(std::string_view object, const std::string& member_id,
                           const std::set<std::string>& ignore_members = {},
                           std::size_t replicas = 1) const;
    /// False, too, when the group was last seen without this member.
    bool belongs_to_self(std::string_view object, const std::set<std::string>& ignore_members = {},
                         std::size_t replicas = 1) const;

    /// Reads the group again. Joins, leaves and changed capabilities do so by themselves, and once
    /// that failed so does each look at the group until one succeeds. Blocks as the view does.
    /// Errors: no effect - whatever the view throws; then behind() until a later one succeeds.
    void refresh();
    /// Whether the last attempt to follow the group failed.
    bool behind() const noexcept { return behind_; }
    /// Equal for partitioners that give equal answers: see HashRing::fingerprint().
    std::string fingerprint() const { return ring_.fingerprint(); }
    const HashRing& ring() const noexcept { return ring_; }
    /// Follows the group no longer; questions are answered from what was last seen. Idempotent.
    void stop() noexcept;

private:
    struct Unread {};
    Partitioner(std::unique_ptr<GroupView> view, std::uint64_t partitions, Unread);
    void apply(const std::map<std::string, Value>& members);

    std::unique_ptr<GroupView> view_;
    HashRing ring_;
    bool watching_ = false;
    bool behind_ = false;
    std::uint64_t reads_begun_ = 0;
    std::uint64_t read_applied_ = 0;
};

/// The weight that capabilities ask for under the key "weight", as tooz reads them: 1 when there is
/// none, true is 1, below 0 is 0. What tooz fails on (text, fractions) is 1, and more than `limit`
/// is `limit`: no member can stop the others.
std::uint64_t partition_weight(const Value& capabilities, std::uint64_t limit);

}  // namespace conclave
