#pragma once

// Coordinators of several members over one FakeBackend, driven by hand.

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "conclave/coordinator.hpp"
#include "fake_driver.hpp"
#include "manual_scheduler.hpp"
#include "test_environment.hpp"

namespace conclave::testing {

using namespace std::chrono_literals;

/// One member: its link, driver and coordinator.
struct Member {
    Member(InlineGate& gate, FakeBackend& backend, const std::string& id, bool with_facets = true)
        : link{gate.runtime(), backend, id} {
        auto owned = std::make_unique<FakeDriver>(link, with_facets);
        driver = owned.get();
        coordinator = std::make_unique<Coordinator>(gate, std::move(owned), id);
    }
    FakeLink link;
    FakeDriver* driver;
    std::unique_ptr<Coordinator> coordinator;
};

class CoordinatorTest : public ::testing::Test {
protected:
    ManualScheduler scheduler;
    TestEnvironment environment{scheduler};
    InlineGate gate{environment.runtime};
    FakeBackend backend;
    TaskGroup group{scheduler};
    Member a{gate, backend, "a"};
    Member b{gate, backend, "b"};

    TimePoint now() const { return scheduler.now(); }

    /// Runs `body` on a fiber to its end, moving the clock when everybody waits.
    template <class Body>
    void on_fiber(Body body) {
        bool ended = false;
        group.spawn([&] {
            body();
            ended = true;
        });
        scheduler.run();
        for (int step = 0; !ended && step < 10'000; ++step) scheduler.advance(10ms);
        ASSERT_TRUE(ended) << "still waiting after 100 s";
    }
    void start(Member& member, bool start_heart = true) {
        on_fiber([&] { member.coordinator->start(start_heart); });
    }
    void TearDown() override {
        for (Member* member : {&a, &b}) {
            member->link.every_fault = member->link.next_fault = Fault::none;
            if (member->coordinator->is_started()) on_fiber([&] { member->coordinator->stop(); });
        }
        EXPECT_EQ(scheduler.core().live(), 0u) << "a fiber outlived its coordinator";
    }
};

}  // namespace conclave::testing
