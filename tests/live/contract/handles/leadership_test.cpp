// What the handle of a leadership must do, over any driver, in every world.

#include "conclave/sync.hpp"
#include "handles.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;

TEST_P(LeadershipContract, OneLeadsAndEverybodyKnowsWho) {
    in_place([](Session& session) {
        Election ours = session.client("one").election("group");
        Election theirs = session.client("two").election("group");
        EXPECT_EQ(theirs.leader().known, Leader::Known::nobody);
        std::optional<Leadership> leads = ours.campaign_for(0s);
        ASSERT_TRUE(leads);
        EXPECT_TRUE(leads->valid());
        EXPECT_FALSE(theirs.campaign_for(0s));
        EXPECT_EQ(theirs.leader().known, Leader::Known::member);
        EXPECT_EQ(theirs.leader().member_id, "one");
        EXPECT_TRUE(leads->resign());
        EXPECT_FALSE(leads->valid());
        EXPECT_EQ(theirs.leader().known, Leader::Known::nobody);
    });
}

TEST_P(LeadershipContract, ABodyRunsWhileItLeadsAndEpochsGrow) {
    in_place([](Session& session) {
        Client& one = session.client("one");
        Client& two = session.client("two");
        std::uint64_t last = 0;
        for (Client* const client : {&one, &two, &one}) {
            Election election = client->election("group");
            const LeadEnd end = election.lead([&](Leadership& me) {
                EXPECT_TRUE(me.valid());
                EXPECT_GT(me.epoch(), std::exchange(last, me.epoch()));
                EXPECT_EQ(election.leader().member_id, client->member_id().bytes());
                EXPECT_FALSE(two.election("group").campaign_for(0s));
            });
            EXPECT_EQ(end, LeadEnd::resigned);
        }
    });
}

TEST_P(LeadershipContract, ACandidateLeadsAfterTheResignation) {
    in_place([](Session& session) {
        Leadership leads = session.client("one").election("group").campaign_for(0s).value();
        TaskGroup tasks(session.runtime().scheduler);
        tasks.spawn([&] {
            sleep_for(session.runtime(), 300ms);
            EXPECT_TRUE(leads.resign());
        });
        const auto next = session.client("two").election("group").campaign_for(30s);
        ASSERT_TRUE(next);
        EXPECT_FALSE(leads.valid());
        tasks.join();
    });
}

TEST_P(LeadershipContract, ABodyThatThrowsLeadsNoMore) {
    in_place([](Session& session) {
        Election ours = session.client("one").election("group");
        const auto body = [](Leadership&) { throw std::runtime_error("from the body"); };
        EXPECT_THROW(ours.lead(body), std::runtime_error);
        EXPECT_TRUE(session.client("two").election("group").campaign_for(30s));
    });
}

TEST_P(LeadershipContract, StoppingTheClientEndsTheLeadershipBeforeTheBody) {
    in_place([](Session& session) {
        Client& one = session.client("one");
        const LeadEnd end = one.election("group").lead([&](Leadership& me) {
            EXPECT_FALSE(one.stop(500ms).still_running.empty()) << "the body still runs";
            EXPECT_FALSE(me.valid());
        });
        EXPECT_EQ(end, LeadEnd::stopped);
    });
}

TEST_P(LeadershipContract, IsKeptAliveWhileTheBodyRuns) {
    in_place([](Session& session) {
        const LeadEnd end =
            session.client("one", brief()).election("group").lead([&](Leadership& me) {
                sleep_for(session.runtime(), 2 * brief_ttl);
                EXPECT_TRUE(me.valid());
                EXPECT_FALSE(session.client("two").election("group").campaign_for(0s));
            });
        EXPECT_EQ(end, LeadEnd::resigned);
    });
}

TEST_P(ServedLeadershipContract, ALeaderIsToldOfItsLossByAServerThatIsGone) {
    in_place([this](Session& session) {
        const LeadEnd end =
            session.client("one", brief()).election("group").lead([&](Leadership& me) {
                place_->kill_master();
                EXPECT_TRUE(me.validity().wait_lost(2 * brief_ttl));
                EXPECT_FALSE(me.valid());
            });
        EXPECT_EQ(end, LeadEnd::lost);
    });
}

using enum PlaceKind::Backend;
INSTANTIATE_TEST_SUITE_P(Any, LeadershipContract, testing::ValuesIn(place_kinds()), name_of_place);
INSTANTIATE_TEST_SUITE_P(Redis, ServedLeadershipContract, testing::ValuesIn(place_kinds({server})),
                         name_of_place);

}  // namespace
}  // namespace conclave::contract
