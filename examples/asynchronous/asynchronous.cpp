// Ten coroutines of one program share a lock, on one thread of the program and one of the client:
//
//   conclave_example_asynchronous file:///tmp/coordination /tmp/ledger

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <conclave/asio.hpp>
#include <conclave/conclave.hpp>
#include <iostream>

#include "../fenced_ledger.hpp"

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using asio::use_awaitable;

namespace {

/// One entry, written under the lock. The ledger gets the token with it.
asio::awaitable<void> book(conclave::Mutex mutex, FencedLedger& ledger, int entry) {
    conclave::HeldLock held = co_await async_acquire(mutex, use_awaitable);
    const bool written = ledger.write(held.token(), "entry " + std::to_string(entry));
    std::cout << "entry " << entry << (written ? " written\n" : " came too late\n");
    co_await async_release(std::move(held), use_awaitable);
}

/// Whoever is first cancels the other: the acquisition leaves no lock behind.
asio::awaitable<void> give_up_soon(conclave::Mutex mutex) {
    asio::steady_timer patience(co_await asio::this_coro::executor, 50ms);
    const auto first =
        co_await (async_acquire(mutex, use_awaitable) || patience.async_wait(use_awaitable));
    std::cout << (first.index() == 0 ? "the lock was free\n" : "lost patience\n");
}

asio::awaitable<void> work(conclave::Client client, FencedLedger& ledger) {
    const conclave::Mutex mutex = client.mutex("ledger");
    {
        const conclave::HeldLock held = co_await async_acquire(mutex, use_awaitable);
        co_await give_up_soon(mutex);
    }
    const auto executor = co_await asio::this_coro::executor;
    for (int entry = 0; entry < 10; ++entry)
        asio::co_spawn(executor, book(mutex, ledger, entry), [](std::exception_ptr failure) {
            if (failure) std::rethrow_exception(failure);  // out of run() below
        });
}

}  // namespace

int main(int argument_count, char** arguments) {
    if (argument_count != 3) {
        std::cerr << "usage: " << arguments[0] << " URL LEDGER\n";
        return 2;
    }
    try {
        asio::io_context context;
        FencedLedger ledger(arguments[2]);
        asio::co_spawn(context, work(conclave::connect(arguments[1]), ledger),
                       [](std::exception_ptr failure) {
                           if (failure) std::rethrow_exception(failure);
                       });
        context.run();
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << '\n';
        return 1;
    }
}
