#pragma once

// Two clients over one FakeBackend, driven by hand.

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "conclave/client.hpp"
#include "fake_driver.hpp"
#include "manual_scheduler.hpp"
#include "test_environment.hpp"

namespace conclave::testing {

using namespace std::chrono_literals;

class ClientTest : public ::testing::Test {
protected:
    ManualScheduler scheduler;
    TestEnvironment environment{scheduler};
    InlineGate gate{environment.runtime};
    FakeBackend backend;
    FakeLink a_link{gate.runtime(), backend, "a"};
    FakeLink b_link{gate.runtime(), backend, "b"};
    TaskGroup group{scheduler};
    std::optional<Client> a;
    std::optional<Client> b;

    /// Runs `body` on a fiber to its end, moving the clock when everybody waits.
    template <class Body>
    void on_fiber(Body body) {
        bool ended = false;
        begin([&] {
            body();
            ended = true;
        });
        for (int step = 0; !ended && step < 10'000; ++step) scheduler.advance(10ms);
        ASSERT_TRUE(ended) << "still waiting after 100 s";
    }
    /// Starts `body` on a fiber, and lets it run until it waits.
    template <class Body>
    void begin(Body body) {
        group.spawn(std::move(body));
        scheduler.run();
    }

    Client start(FakeLink& link) {
        return Client::start(gate, std::make_unique<FakeDriver>(link), link.member_id);
    }
    void SetUp() override {
        on_fiber([&] {
            a.emplace(start(a_link));
            b.emplace(start(b_link));
        });
    }
    void TearDown() override {
        for (FakeLink* link : {&a_link, &b_link}) link->every_fault = link->next_fault = Fault::none;
        on_fiber([&] {
            a->stop();
            b->stop();
            a.reset();
            b.reset();
        });
        EXPECT_EQ(scheduler.core().live(), 0u) << "a fiber outlived its client";
    }
    bool lock_is_free() const { return !a_link.alive(backend.locks, "L"); }
};

}  // namespace conclave::testing
