#pragma once

// What conclave/asio.hpp is made of, and nothing of Asio: operations that run on a fiber of the
// client's own loop, are not waited for, and say once how they ended. For implementers of a face.

#include <exception>
#include <functional>
#include <memory>
#include <optional>

#include "conclave/client.hpp"

namespace conclave::detail {

class Interrupt;

/// One operation as its face sees it.
class OperationBody {
public:
    virtual ~OperationBody() = default;
    /// Does it and says how it ended; on a fiber of the client's runtime. Does not throw.
    virtual void run(ClientCore& client, Interrupt& interrupt) = 0;
    /// Says that it never began. Any thread.
    virtual void refuse(std::exception_ptr why) noexcept = 0;
};

/// When an operation may run.
enum class Runs : std::uint8_t {
    while_started,
    after_stop_too,  ///< gives something up, or reads what is left
    stopping,        ///< stops the client, and keeps it until then
};

/// What to run, and for whom. The client is kept until the operation has begun, not while it runs:
/// so the last copy of a client ends it also while operations are pending.
template <class T>
struct AsyncWork {
    std::shared_ptr<ClientCore> client;
    std::function<T(ClientCore&, Interrupt&)> run;
    Runs runs = Runs::while_started;
    std::optional<T> known = std::nullopt;  ///< the result, when there is nothing to do
};

/// Begins an operation and ends its waiting. Copies are the same operation.
class AsyncOperation {
public:
    explicit AsyncOperation(const std::shared_ptr<ClientCore>& client);

    /// Does not wait, though `client` may be the last reference, see Client. Any thread; once.
    void begin(std::shared_ptr<ClientCore> client, std::shared_ptr<OperationBody> body,
               Runs runs) const;
    /// Ends the waiting, if it has not ended; an exchange that has begun is waited for. Any thread.
    void cancel() const;

private:
    std::weak_ptr<ClientCore> client_;
    std::shared_ptr<Interrupt> interrupt_;
};

/// The operations of the handle face.
struct Asynchronous {
    static AsyncWork<std::vector<GroupId>> groups(const Client& client);
    static AsyncWork<Remarks> examine(const Client& client);
    static AsyncWork<StopReport> stop(const Client& client, Duration limit);

    static AsyncWork<std::optional<HeldLock>> acquire_for(const Mutex& mutex, Duration limit);
    static AsyncWork<std::optional<HeldLock>> acquire_shared_for(const Mutex& mutex,
                                                                 Duration limit);
    static AsyncWork<HeldLock> acquire(const Mutex& mutex);
    static AsyncWork<bool> break_lock(const Mutex& mutex);
    static AsyncWork<std::optional<Holder>> holder(const Mutex& mutex);
    static AsyncWork<bool> break_holder(const Mutex& mutex, const Holder& holder);

    static AsyncWork<std::optional<Leadership>> campaign_for(const Election& election,
                                                             Duration limit);
    static AsyncWork<Leadership> campaign(const Election& election);
    static AsyncWork<Leader> leader(const Election& election);
    static bool is_started(const Election& election);

    static AsyncWork<Done> create(const Group& group);
    static AsyncWork<Done> remove(const Group& group);
    static AsyncWork<Membership> join(const Group& group, const Value& capabilities);
    static AsyncWork<std::set<MemberId>> members(const Group& group);
    static AsyncWork<std::map<MemberId, Value>> members_with_capabilities(const Group& group);
    static AsyncWork<Value> capabilities(const Group& group, const MemberId& member);
    static AsyncWork<GroupWatch> watch(const Group& group);
    static AsyncWork<std::optional<GroupEvent>> next(const GroupWatch& watch, Duration limit);

    /// Releases, resigns or leaves.
    static AsyncWork<bool> give_up(Handle&& handle);
    static AsyncWork<Done> update(const Membership& membership, const Value& capabilities);
    static AsyncWork<bool> wait_lost(const Validity& validity, Duration limit);

private:
    static AsyncWork<std::optional<HeldLock>> acquire_as(HoldKind kind, const Mutex& mutex,
                                                         Duration limit);
};

}  // namespace conclave::detail
