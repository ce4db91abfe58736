#pragma once

// Clients of one folder, and a loop of the application on the test's own thread.

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <exception>
#include <string>

#include "conclave/asio.hpp"
#include "conclave/asynchronous/lead.hpp"
#include "conclave/connect.hpp"
#include "live/fixture/temp_folder.hpp"

namespace conclave {

using namespace std::chrono_literals;
namespace asio = boost::asio;

class FileClients : public ::testing::Test {
protected:
    live::TempFolder folder;
    asio::io_context context;

    Client client(const std::string& member) {
        return connect("file://" + folder.path(),
                       {.member_id = MemberId(member), .times = {.poll = 5ms}});
    }
    /// Runs the loop until nothing is left to do; rethrows what `work` ends with.
    void run(asio::awaitable<void> work) {
        std::exception_ptr failure;
        bool ended = false;
        asio::co_spawn(context, std::move(work), [&](std::exception_ptr how) {
            failure = how;
            ended = true;
        });
        context.run();
        context.restart();
        if (failure) std::rethrow_exception(failure);
        EXPECT_TRUE(ended) << "the loop found nothing to do, but the work has not ended";
    }
    bool in_loop() { return context.get_executor().running_in_this_thread(); }
};

/// The code of the conclave::Error in `failure`; other when there is none.
inline ErrorCode code_of(const std::exception_ptr& failure) {
    try {
        if (failure) std::rethrow_exception(failure);
    } catch (const Error& error) {
        return error.error_code();
    }
    return ErrorCode::other;
}

inline Effect effect_of(const std::exception_ptr& failure) {
    try {
        if (failure) std::rethrow_exception(failure);
    } catch (const Error& error) {
        return error.effect();
    }
    return Effect::unknown;
}

}  // namespace conclave
