// Leaderships as handles, and lead().

#include "client_fixture.hpp"

namespace conclave {
namespace {

using namespace testing;

using LeadershipTest = ClientTest;

TEST_F(LeadershipTest, OneLeadsAndTheOtherIsTold) {
    on_fiber([&] {
        auto mine = a->election("g").campaign_for(0s);
        ASSERT_TRUE(mine);
        EXPECT_GT(mine->epoch(), 0u);
        EXPECT_FALSE(b->election("g").campaign_for(0s));
        EXPECT_EQ(b->election("g").leader().member_id, "a");
        EXPECT_TRUE(mine->resign());
        EXPECT_EQ(b->election("g").leader().known, Leader::Known::nobody);
    });
}

TEST_F(LeadershipTest, LeadRunsItsBodyWhileLeadingAndResigns) {
    on_fiber([&] {
        int ran = 0;
        const LeadEnd end = a->election("g").lead([&](Leadership& me) {
            ++ran;
            EXPECT_TRUE(me.valid());
            EXPECT_FALSE(b->election("g").campaign_for(0s));
        });
        EXPECT_EQ(end, LeadEnd::resigned);
        EXPECT_EQ(ran, 1);
        EXPECT_TRUE(b->election("g").campaign_for(0s));
    });
}

TEST_F(LeadershipTest, LeadReturnsOnlyAfterItsBodyAlsoWhenTheLeadershipIsLost) {
    on_fiber([&] {
        bool ended = false;
        const LeadEnd end = a->election("g").lead([&](Leadership& me) {
            a_link.every_fault = Fault::unreachable;
            EXPECT_TRUE(me.validity().wait_lost(100s));
            sleep_for(environment.runtime, 1s);
            ended = true;
        });
        EXPECT_EQ(end, LeadEnd::lost);
        EXPECT_TRUE(ended);
    });
}

TEST_F(LeadershipTest, StoppingEndsACampaignWithoutABody) {
    std::optional<Leadership> other;
    on_fiber([&] { other = b->election("g").campaign_for(0s); });
    std::optional<LeadEnd> end;
    begin([&] { end = a->election("g").lead([](Leadership&) { FAIL() << "never led"; }); });
    on_fiber([&] { a->stop(1s); });
    EXPECT_EQ(end, LeadEnd::stopped);
    on_fiber([&] { other.reset(); });
}

TEST_F(LeadershipTest, StoppingWaitsForTheBody) {
    std::optional<LeadEnd> end;
    begin([&] {
        end = a->election("g").lead([&](Leadership& me) {
            me.validity().wait_lost(100s);
            sleep_for(environment.runtime, 1s);
        });
    });
    on_fiber([&] { EXPECT_TRUE(a->stop(10s).still_running.empty()); });
    EXPECT_EQ(end, LeadEnd::stopped);
}

TEST_F(LeadershipTest, AThrowFromTheBodyResigns) {
    on_fiber([&] {
        EXPECT_THROW(
            a->election("g").lead([](Leadership&) { throw std::runtime_error("body"); }),
            std::runtime_error);
        EXPECT_TRUE(b->election("g").campaign_for(1s));
    });
}

}  // namespace
}  // namespace conclave
