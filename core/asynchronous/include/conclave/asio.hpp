#pragma once

// The asynchronous face, for programs that use Boost.Asio: every operation of Client, Mutex, Election
// and Group and of what they hand out, with any completion token. Link conclave::asynchronous.
//
//   auto held = co_await async_acquire_for(client.mutex("L"), 5s, boost::asio::use_awaitable);
//
// Signature:  void(std::exception_ptr, T), or void(std::exception_ptr) without a result. Not an
//             error_code, which would lose the Error's effect(), message and cause; not a Result,
//             because Asio's tokens know a failure by the first argument only: use_awaitable and
//             use_future throw it, `a || b` waits for the first success. On failure T is empty.
// Threads:    none per operation: each is a fiber on the client's own loop, begun by any thread. The
//             handler is posted to its associated executor, without one to Asio's system_executor.
// Cancelling: through the handler's cancellation slot, any type. Ends the waiting with Cancelled; an
//             exchange with the backend that has begun is waited for, at most the operation timeout.
//             A cancelled acquisition or campaign first gives back what it may have taken: effect()
//             is unknown when that failed. Operations that only exchange run to their end.
// Lifetime:   a pending operation does not keep the client: with its last copy, or with stop(), it
//             ends in Cancelled. No handler is dropped. Its context has to wait for work before it
//             goes, as thread_pool::join() does and its destructor does not.
// Errors:     as the member functions of the same name; Cancelled when the client has stopped.

#include "conclave/asynchronous/initiate.hpp"

namespace conclave {
// Client. The handler of async_stop keeps the client until it was told.
template <class Token>
auto async_examine(const Client& client, Token&& token) {
    return detail::initiate(detail::Asynchronous::examine(client), std::forward<Token>(token));
}
template <class Token>
auto async_groups(const Client& client, Token&& token) {
    return detail::initiate(detail::Asynchronous::groups(client), std::forward<Token>(token));
}
template <class Token>
auto async_stop(const Client& client, Duration limit, Token&& token) {
    return detail::initiate(detail::Asynchronous::stop(client, limit), std::forward<Token>(token));
}
// Mutex: HeldLock, std::optional<HeldLock>, bool, std::optional<Holder>.
template <class Token>
auto async_acquire(const Mutex& mutex, Token&& token) {
    return detail::initiate(detail::Asynchronous::acquire(mutex), std::forward<Token>(token));
}
template <class Token>
auto async_acquire_for(const Mutex& mutex, Duration limit, Token&& token) {
    return detail::initiate(detail::Asynchronous::acquire_for(mutex, limit),
                            std::forward<Token>(token));
}
template <class Token>
auto async_acquire_shared_for(const Mutex& mutex, Duration limit, Token&& token) {
    return detail::initiate(detail::Asynchronous::acquire_shared_for(mutex, limit),
                            std::forward<Token>(token));
}
template <class Token>
auto async_break_lock(const Mutex& mutex, Token&& token) {
    return detail::initiate(detail::Asynchronous::break_lock(mutex), std::forward<Token>(token));
}
template <class Token>
auto async_holder(const Mutex& mutex, Token&& token) {
    return detail::initiate(detail::Asynchronous::holder(mutex), std::forward<Token>(token));
}
template <class Token>
auto async_break_holder(const Mutex& mutex, const Holder& holder, Token&& token) {
    return detail::initiate(detail::Asynchronous::break_holder(mutex, holder),
                            std::forward<Token>(token));
}

// Election: Leadership, std::optional<Leadership>, Leader. The whole lead() is in
// conclave/asynchronous/lead.hpp.
template <class Token>
auto async_campaign(const Election& election, Token&& token) {
    return detail::initiate(detail::Asynchronous::campaign(election), std::forward<Token>(token));
}
template <class Token>
auto async_campaign_for(const Election& election, Duration limit, Token&& token) {
    return detail::initiate(detail::Asynchronous::campaign_for(election, limit),
                            std::forward<Token>(token));
}
template <class Token>
auto async_leader(const Election& election, Token&& token) {
    return detail::initiate(detail::Asynchronous::leader(election), std::forward<Token>(token));
}

// Group.
template <class Token>
auto async_create(const Group& group, Token&& token) {
    return detail::initiate(detail::Asynchronous::create(group), std::forward<Token>(token));
}
template <class Token>
auto async_remove(const Group& group, Token&& token) {
    return detail::initiate(detail::Asynchronous::remove(group), std::forward<Token>(token));
}
template <class Token>
auto async_join(const Group& group, const Value& capabilities, Token&& token) {
    return detail::initiate(detail::Asynchronous::join(group, capabilities),
                            std::forward<Token>(token));
}
template <class Token>
auto async_members(const Group& group, Token&& token) {
    return detail::initiate(detail::Asynchronous::members(group), std::forward<Token>(token));
}
template <class Token>
auto async_members_with_capabilities(const Group& group, Token&& token) {
    auto work = detail::Asynchronous::members_with_capabilities(group);
    return detail::initiate(std::move(work), std::forward<Token>(token));
}
template <class Token>
auto async_capabilities(const Group& group, const MemberId& member, Token&& token) {
    return detail::initiate(detail::Asynchronous::capabilities(group, member),
                            std::forward<Token>(token));
}
template <class Token>
auto async_watch(const Group& group, Token&& token) {
    return detail::initiate(detail::Asynchronous::watch(group), std::forward<Token>(token));
}
/// One at a time; the watch has to live, or ends the wait with nullopt.
template <class Token>
auto async_next(const GroupWatch& watch, Duration limit, Token&& token) {
    return detail::initiate(detail::Asynchronous::next(watch, limit), std::forward<Token>(token));
}

// Handles. What gives one up takes it over: it is given up whatever becomes of the operation.
template <class Token>
auto async_release(HeldLock held, Token&& token) {
    return detail::initiate(detail::Asynchronous::give_up(std::move(held)),
                            std::forward<Token>(token));
}
template <class Token>
auto async_resign(Leadership leadership, Token&& token) {
    return detail::initiate(detail::Asynchronous::give_up(std::move(leadership)),
                            std::forward<Token>(token));
}
template <class Token>
auto async_leave(Membership membership, Token&& token) {
    return detail::initiate(detail::Asynchronous::give_up(std::move(membership)),
                            std::forward<Token>(token));
}
template <class Token>
auto async_update(const Membership& membership, const Value& capabilities, Token&& token) {
    return detail::initiate(detail::Asynchronous::update(membership, capabilities),
                            std::forward<Token>(token));
}
/// True once the hold has ended, false when `limit` passed first.
template <class Token>
auto async_wait_lost(const Validity& validity, Duration limit, Token&& token) {
    return detail::initiate(detail::Asynchronous::wait_lost(validity, limit),
                            std::forward<Token>(token));
}

}  // namespace conclave
