#pragma once

// From a completion token to an operation of the client's loop and back. Included by
// conclave/asio.hpp.

#include <atomic>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <optional>
#include <type_traits>
#include <utility>

#include "conclave/asynchronous.hpp"

namespace conclave::detail {

template <class T>
struct SignatureOf {
    using type = void(std::exception_ptr, T);
};
template <>
struct SignatureOf<Done> {
    using type = void(std::exception_ptr);
};

/// An operation that ends in a completion handler: exactly once, on the handler's executor, never
/// inside the initiating function, and with an error when it is dropped.
template <class T, class Handler>
class HandlerOperation final : public OperationBody {
public:
    HandlerOperation(Handler handler, std::function<T(ClientCore&, Interrupt&)> body,
                     std::shared_ptr<ClientCore> kept)
        : waiting_(std::in_place, std::move(handler), std::move(kept)), body_(std::move(body)) {}
    ~HandlerOperation() override {
        if (waiting_) refuse(std::make_exception_ptr(Cancelled("dropped", Effect::unknown)));
    }

    void run(ClientCore& client, Interrupt& interrupt) override {
        T value{};
        std::exception_ptr failure;
        try {
            value = body_(client, interrupt);
        } catch (const std::exception&) {
            failure = std::current_exception();
        }
        body_ = nullptr;  // gives up what it owns before anybody is told
        complete(failure, std::move(value));
    }
    void refuse(std::exception_ptr why) noexcept override {
        body_ = nullptr;
        complete(std::move(why), T{});
    }
    void complete(std::exception_ptr failure, T value) {
        // Once told, its owner may end the executor's context. What is left of the handler here holds
        // the executor still, so this outlives that, as work which the context waits for.
        const auto executor = boost::asio::prefer(waiting_->work.get_executor(),
                                                  boost::asio::execution::outstanding_work.tracked);
        post(executor, std::move(failure), std::move(value));
    }

private:
    template <class Executor>
    void post(const Executor& executor, std::exception_ptr failure, T value) {
        Waiting waiting = std::move(*waiting_);
        waiting_.reset();
        const auto allocator = boost::asio::get_associated_allocator(waiting.handler);
        boost::asio::post(
            executor, boost::asio::bind_allocator(
                          allocator, [waiting = std::move(waiting), failure = std::move(failure),
                                      value = std::move(value)]() mutable {
                              waiting.tell(std::move(failure), std::move(value));
                          }));
    }

    using Work = decltype(boost::asio::make_work_guard(std::declval<const Handler&>()));

    struct Waiting {
        Waiting(Handler to, std::shared_ptr<ClientCore> keep)
            : handler(std::move(to)),
              work(boost::asio::make_work_guard(handler)),
              kept(std::move(keep)) {}

        void tell(std::exception_ptr failure, T value) {
            if (auto slot = boost::asio::get_associated_cancellation_slot(handler);
                slot.is_connected())
                slot.clear();
            if constexpr (std::is_same_v<T, Done>)
                std::move(handler)(std::move(failure));
            else
                std::move(handler)(std::move(failure), std::move(value));
        }

        Handler handler;
        Work work;
        std::shared_ptr<ClientCore> kept;  ///< by what stops it, until the handler was told
    };

    std::optional<Waiting> waiting_;
    std::function<T(ClientCore&, Interrupt&)> body_;
};

/// Begins `work` for `handler`.
template <class T, class Handler>
void begin(AsyncWork<T> work, Handler handler) {
    auto slot = boost::asio::get_associated_cancellation_slot(handler);
    const bool keeps = work.runs == Runs::stopping;
    auto body = std::make_shared<HandlerOperation<T, Handler>>(
        std::move(handler), std::move(work.run), keeps ? work.client : nullptr);
    if (work.known) return body->complete(nullptr, std::move(*work.known));
    const AsyncOperation operation(work.client);
    if (slot.is_connected())
        slot.assign([operation](boost::asio::cancellation_type type) {
            if (type != boost::asio::cancellation_type::none) operation.cancel();
        });
    operation.begin(std::move(work.client), std::move(body), work.runs);
}

template <class T, class Token>
auto initiate(AsyncWork<T> work, Token&& token) {
    using Signature = typename SignatureOf<T>::type;
    return boost::asio::async_initiate<Token, Signature>(
        [](auto&& handler, AsyncWork<T> owned) {
            using Handler = std::decay_t<decltype(handler)>;
            begin<T, Handler>(std::move(owned), std::forward<decltype(handler)>(handler));
        },
        token, std::move(work));
}

}  // namespace conclave::detail
