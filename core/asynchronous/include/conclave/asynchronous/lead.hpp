#pragma once

// Election::lead() as a coroutine, and an Executor for the callbacks of a watch.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "conclave/asio.hpp"

namespace conclave {

/// An Executor that posts to `executor`. For Group::watch(): give it a strand of a thread pool.
template <class AsioExecutor>
Executor posted_to(AsioExecutor executor) {
    return [executor](std::function<void()> task) {
        boost::asio::post(executor, std::move(task));
    };
}

namespace detail {
/// The failure, if there was one, handed on unless the client has stopped.
inline void rethrow_while_started(const Election& election, const std::exception_ptr& failure) {
    if (failure && Asynchronous::is_started(election)) std::rethrow_exception(failure);
}
}  // namespace detail

/// Campaigns until it leads, awaits `body(leadership)`, an awaitable<void>, and ends only after the
/// body has: a body runs exactly when this client was elected. The body must look at valid().
/// It keeps the client alive. Errors: what the body throws, after resigning; Cancelled when the coroutine is cancelled.
template <class Body>
boost::asio::awaitable<LeadEnd> async_lead(Election election, Body body) {
    constexpr auto token = boost::asio::as_tuple(boost::asio::use_awaitable);
    auto [failure, leadership] = co_await async_campaign(election, token);
    detail::rethrow_while_started(election, failure);
    if (failure) co_return LeadEnd::stopped;
    co_await body(leadership);  // a throw resigns as the handle goes
    if (!detail::Asynchronous::is_started(election)) co_return LeadEnd::stopped;
    if (!leadership.valid()) co_return LeadEnd::lost;
    const bool resigned =
        co_await async_resign(std::move(leadership), boost::asio::use_awaitable);
    co_return resigned ? LeadEnd::resigned : LeadEnd::lost;
}

}  // namespace conclave
