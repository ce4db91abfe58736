#pragma once

// What the tests of ways to a server try once they are there, or are refused.

#include <gtest/gtest.h>

#include <string>

#include "live/contract/asio_session.hpp"

namespace conclave::live {

using contract::run_asio_session;
using contract::Session;

inline void expect_locks_work(Session& session) {
    Locks& locks = *session.connect("one").locks();
    EXPECT_TRUE(locks.try_acquire("lock", locks.new_owner(), session.soon()));
    EXPECT_FALSE(locks.try_acquire("lock", locks.new_owner(), session.soon()));
}

/// What start() complains about.
inline std::string failure_to_start(Session& session) {
    try {
        session.make("one").start(session.runtime().after(std::chrono::seconds(5)));
    } catch (const Error& error) {
        return error.what();
    }
    return "started";
}

}  // namespace conclave::live
