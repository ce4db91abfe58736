#pragma once

// The input of the checkers of the ten characteristics: what clients called and what they were
// answered, compact enough for histories of millions of calls. docs/properties.md says what each
// field means. Plain values; times are int64 nanoseconds on one common clock, never a client's own.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conclave/properties/history.hpp"

namespace conclave::properties {

/// What was called. Every model understands some of them (models.hpp).
enum class Action : std::uint8_t {
    read,     ///< of a register, a leader, or a member's capabilities
    write,
    cas,      ///< `argument` is replaced by `second`
    acquire,  ///< a lock or a leadership
    release,
    renew,    ///< begins a lease anew
    expire,   ///< the environment ended the lease or session of `argument`
    join,
    leave,
    update,   ///< of a member's capabilities
    members,  ///< a read of the whole group
};
std::string_view to_string(Action action) noexcept;

/// The number of a text in Calls: a value, an object, a session. 0 is null and the absent text.
using TextId = std::uint32_t;

inline constexpr std::int64_t absent_number = -1;

/// Checkers refuse longer histories with std::length_error when they have to search them.
inline constexpr std::size_t calls_max = (std::size_t{1} << 28) - 1;

/// One call. A failed one had no effect and tells nothing; a refusal that tells something of the
/// object ("it is held") is ok with `agreed` false. An unknown one may take effect at any time from
/// its call on, or never; its `return_ns` is not looked at.
struct Call {
    std::int64_t call_ns = 0;
    std::int64_t return_ns = never_ns;
    std::int64_t ttl_ns = 0;                  ///< of acquire, renew and join; 0: no lease
    std::int64_t token = absent_number;       ///< what acquire was given
    std::int64_t revision = absent_number;    ///< the store's own commit order, when known
    TextId session = 0;   ///< a thread of control: its awaited calls follow each other
    TextId object = 0;
    TextId server = 0;    ///< the one that the client was attached to
    TextId argument = 0;  ///< value written or expected, owner, member
    TextId second = 0;    ///< cas: the new value; join and update: the capabilities; acquire: for whom
    TextId result = 0;    ///< read: the value; members: the number of a list
    Action action = Action::read;
    Status status = Status::unknown;
    bool agreed = true;   ///< of an ok call other than a read: the object did as it was asked
};

/// Session `to` was told by session `from`, not through an object: by mail, or of the event of a
/// watch. What `from` knew when it sent comes before what `to` called once it had received.
struct Message {
    TextId from = 0;
    TextId to = 0;
    std::int64_t sent_ns = 0;
    std::int64_t received_ns = 0;  ///< at sent_ns or later
    std::uint32_t position = 0;    ///< how many calls stand before it: the order within one instant
};

/// A window of a partition: servers of different sides did not reach each other.
struct PartitionWindow {
    std::int64_t begin_ns = 0;
    std::int64_t end_ns = never_ns;
    std::vector<std::vector<TextId>> sides;
};

/// The lease that a call began ended as commit number `revision`. It helps to find an order, and
/// constrains none.
struct LeaseEnd {
    std::uint32_t call = 0;
    std::int64_t revision = 0;
};

/// A history of calls, its texts (4 GiB of them at most), and the partitions that it went through.
class Calls {
public:
    Calls() : texts_(2), table_(16), lists_(1) {}

    std::vector<Call> calls;
    std::vector<PartitionWindow> partitions;
    /// When the store ended leases, by its own commit order, if known; ascending by call.
    std::vector<LeaseEnd> lease_ends;
    std::vector<Message> messages;

    /// Adds a message behind the calls and messages that there are. Throws std::invalid_argument when
    /// it would be received before it was sent.
    void tell(TextId from, TextId to, std::int64_t sent_ns, std::int64_t received_ns);

    /// The number of a text, the same one each time. "null" is 0.
    TextId text(std::string_view text);
    std::string text(TextId id) const { return std::string(view(id)); }
    /// Numbers of texts are below this.
    std::size_t text_count() const noexcept { return texts_.size() - 1; }

    /// The number of a list of members; it is kept sorted and without doubles.
    TextId list(std::vector<TextId> members);
    std::span<const TextId> list(TextId id) const;

private:
    std::string_view view(TextId id) const {
        return std::string_view(letters_).substr(texts_.at(id), texts_.at(id + 1) - texts_.at(id));
    }
    TextId& slot(std::string_view text);
    void grow();

    std::string letters_;               ///< all texts, one behind the other
    std::vector<std::uint32_t> texts_;  ///< where each begins, and where the last ends; text 0 is empty
    std::vector<TextId> table_;         ///< numbers of texts by hash, open addressing; 0 is free
    std::vector<TextId> pool_;
    std::vector<std::uint32_t> lists_;  ///< where each list ends in the pool; list 0 is empty
};

/// The history of those calls alone, with its messages. When leases ended by the store's order is no
/// more known.
Calls part_of(const Calls& history, const std::function<bool(const Call&)>& wanted);

/// Whom readers of a leader see while what `acquire` gave is held: the member in `second` for whom its
/// owner acts, or the owner itself where there is none. An owner acts for one member only, whichever
/// its first acquire of the object names; a member may have many owners, one after the other.
inline TextId leader_named_by(const Call& acquire) noexcept {
    return acquire.second != 0 ? acquire.second : acquire.argument;
}

/// Whether `later` was called after `earlier` had returned, by the common clock. Equal instants are
/// concurrent.
bool precedes(const Call& earlier, const Call& later) noexcept;

/// Whether one thread of control awaited the call numbered `earlier` before it made the one numbered
/// `later`; messages apart. What begins at the instant at which the other ended follows it, in the order of the
/// history. An expiry is nobody's call.
bool precedes_in_session(std::span<const Call> calls, std::size_t earlier,
                         std::size_t later) noexcept;

}  // namespace conclave::properties
