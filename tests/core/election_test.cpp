// Elections over a fake backend: one leader by belief, told when elected and when lost.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "conclave/coordinator.hpp"
#include "coordinator_fixture.hpp"

namespace conclave {
namespace {

using namespace testing;

class Leading : public CoordinatorTest {
protected:
    std::vector<std::string> seen;

    void SetUp() override {
        for (Member* member : {&a, &b}) {
            start(*member);
            on_fiber([&] {
                member->coordinator->watch_elected_as_leader(
                    "g", [this](const LeaderElected& e) { seen.push_back("+" + e.member_id); });
                member->coordinator->watch_lost_leadership(
                    "g", [this](const LeadershipLost& e) { seen.push_back("-" + e.member_id); });
            });
        }
    }
    void campaign(Member& member) {
        on_fiber([&] { member.coordinator->run_elect_coordinator(); });
    }
    bool leads(Member& member) { return member.coordinator->is_leader("g"); }
};

TEST_F(Leading, OneCandidateIsElectedAndToldOnce) {
    campaign(a);
    campaign(b);
    campaign(a);
    EXPECT_EQ(seen, std::vector<std::string>{"+a"});
    EXPECT_TRUE(leads(a));
    EXPECT_FALSE(leads(b));
    on_fiber([&] {
        const Leader leader = b.coordinator->get_leader("g").get();
        EXPECT_EQ(leader.known, Leader::Known::member);
        EXPECT_EQ(leader.member_id, "a");
    });
}

TEST_F(Leading, NobodyLeadsBeforeACampaign) {
    on_fiber([&] { EXPECT_EQ(a.coordinator->get_leader("g").get().known, Leader::Known::nobody); });
}

TEST_F(Leading, RunWatchersCampaignsToo) {
    on_fiber([&] { EXPECT_EQ(a.coordinator->run_watchers().size(), 1u); });
    EXPECT_EQ(seen, std::vector<std::string>{"+a"});
}

TEST_F(Leading, LastsWhileTheHeartBeats) {
    campaign(a);
    for (int i = 0; i < 10; ++i) {
        scheduler.advance(fake_ttl / 2);
        campaign(b);
    }
    EXPECT_TRUE(leads(a));
    EXPECT_EQ(seen, std::vector<std::string>{"+a"});
}

TEST_F(Leading, StandingDownLetsAnotherLead) {
    campaign(a);
    on_fiber([&] {
        EXPECT_TRUE(a.coordinator->stand_down_group_leader("g"));
        EXPECT_FALSE(a.coordinator->stand_down_group_leader("g"));
    });
    EXPECT_FALSE(leads(a));
    campaign(b);
    EXPECT_EQ(seen, (std::vector<std::string>{"+a", "+b"}));
}

TEST_F(Leading, EndsInTimeForALeaderThatIsCutOffAndIsTold) {
    campaign(a);
    a.link.every_fault = Fault::stuck;
    scheduler.advance(fake_ttl);
    EXPECT_FALSE(leads(a)) << "by its own clock, before it is told";
    campaign(b);
    EXPECT_TRUE(leads(b));
    a.link.every_fault = Fault::none;
    campaign(a);
    EXPECT_EQ(seen, (std::vector<std::string>{"+a", "+b", "-a"}));
}

TEST_F(Leading, ALossIsToldBeforeANewElection) {
    campaign(a);
    scheduler.jump(fake_ttl);
    campaign(a);
    EXPECT_EQ(seen, (std::vector<std::string>{"+a", "-a", "+a"}));
    EXPECT_TRUE(leads(a));
}

TEST_F(Leading, AWinWhoseReplyWasLostIsRecognisedAtTheNextCampaign) {
    a.link.next_fault = Fault::lost_reply;
    on_fiber([&] { EXPECT_THROW(a.coordinator->run_elect_coordinator(), ConnectionError); });
    EXPECT_FALSE(leads(a));
    campaign(a);
    EXPECT_TRUE(leads(a));
    EXPECT_EQ(backend.grants, 1u);
    EXPECT_EQ(seen, std::vector<std::string>{"+a"});
}

TEST_F(Leading, StopResigns) {
    campaign(a);
    on_fiber([&] { a.coordinator->stop(); });
    EXPECT_FALSE(leads(a));
    campaign(b);
    EXPECT_TRUE(leads(b));
}

TEST_F(Leading, WithoutAnElectedHookNobodyCampaigns) {
    Member c(gate, backend, "c");
    on_fiber([&] {
        c.coordinator->start();
        EXPECT_EQ(c.coordinator->run_elect_coordinator().size(), 0u);
        EXPECT_FALSE(c.coordinator->stand_down_group_leader("g"));
        c.coordinator->stop();
    });
    EXPECT_TRUE(backend.leaders.empty());
}

}  // namespace
}  // namespace conclave
