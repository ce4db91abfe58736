#pragma once

// Two clients of a backend in memory, over one production runtime; faults are switched on by hand.

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "conclave/asio_runtime.hpp"
#include "core/fake_driver.hpp"
#include "file_clients.hpp"

namespace conclave {

/// What became of one operation.
template <class T>
struct Outcome {
    int times = 0;
    std::exception_ptr failure;
    T value{};
};

class FakeClients : public ::testing::Test {
protected:
    AsioRuntime runtime;
    testing::FakeBackend backend;
    testing::FakeLink my_link{runtime.runtime(), backend, "me"};
    testing::FakeLink other_link{runtime.runtime(), backend, "other"};
    std::optional<Client> me;
    std::optional<Client> other;
    asio::io_context context;
    asio::cancellation_signal signal;

    void SetUp() override {
        me = start(my_link);
        other = start(other_link);
    }
    void TearDown() override {
        on_loop([&] { my_link.every_fault = testing::Fault::none; });
        me->stop();
        other->stop();
    }
    Client start(testing::FakeLink& link) {
        return Client::start(runtime.gate(), std::make_unique<testing::FakeDriver>(link),
                             MemberId(link.member_id), {}, {.operation = 2s, .poll = 5ms});
    }
    /// On a fiber behind every one that is ready now: these have run until they wait.
    void on_loop(const std::function<void()>& body) { runtime.gate().call(body); }
    void let_it_begin() { on_loop([] {}); }

    /// A handler on `context` that can be cancelled through `signal`.
    template <class T>
    auto into(Outcome<T>& outcome) {
        return asio::bind_cancellation_slot(
            signal.slot(),
            asio::bind_executor(context, [&outcome](std::exception_ptr failure, T value) {
                ++outcome.times;
                outcome.failure = failure;
                outcome.value = std::move(value);
            }));
    }
    void cancel(asio::cancellation_type type = asio::cancellation_type::terminal) {
        signal.emit(type);
    }
    bool is_locked(const std::string& name) {
        bool locked = false;
        on_loop([&] { locked = my_link.alive(backend.locks, name); });
        return locked;
    }
};

}  // namespace conclave
