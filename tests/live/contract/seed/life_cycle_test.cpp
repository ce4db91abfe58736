// Starting, beating and stopping; results that are waited for.

#include "seed.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

/// A URL of the same backend at which nothing can be reached.
std::string unusable_url(Session& session, bool in_folder) {
    const std::string& url = session.url();
    if (!in_folder) return url.substr(0, url.rfind(':')) + ":1";
    session.member("maker").get_lock("file")->acquire();
    return url + "/file";
}

TEST_P(SeedLifeCycle, ABackendThatIsNotThereFailsTheStart) {
    in_place([](Session& session) {
        Coordinator& lost = session.coordinator("one", {}, unusable_url(session, in_folder()));
        EXPECT_THROW(lost.start(), ConnectionError);
        EXPECT_FALSE(lost.is_started());
    });
}

TEST_P(SeedLifeCycle, OnlyWhatWasStartedCanBeStopped) {
    in_place([](Session& session) {
        Coordinator& one = session.coordinator("one");
        EXPECT_FALSE(one.is_started());
        EXPECT_THROW(one.stop(), Error);
        one.start();
        EXPECT_TRUE(one.is_started());
        EXPECT_THROW(one.start(), Error);
        one.stop();
        EXPECT_FALSE(one.is_started());
        one.start();
        EXPECT_TRUE(one.is_started());
    });
}

TEST_P(SeedLifeCycle, NothingIsDoneBeforeTheStart) {
    in_place([](Session& session) {
        Coordinator& one = session.coordinator("one");
        EXPECT_THROW(one.get_groups(), Error);
        EXPECT_THROW(one.heartbeat(), Error);
        EXPECT_THROW(one.run_watchers(), Error);
        EXPECT_THROW(one.heart().start(), Error);
        EXPECT_THROW(one.get_lock("lock")->acquire(false), Error);
    });
}

TEST_P(SeedLifeCycle, ABeatSaysWhenTheNextIsDue) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one", {{"timeout", "7"}});
        EXPECT_TRUE(one.requires_beating());
        EXPECT_EQ(one.heartbeat(), 7s);
    });
}

TEST_P(SeedLifeCycle, TheHeartBeatsUntilItIsStopped) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one", {{"timeout", "1"}});
        Heart heart = one.heart();
        EXPECT_FALSE(heart.is_alive());
        heart.start();
        heart.start();
        EXPECT_TRUE(heart.is_alive());
        EXPECT_TRUE(session.eventually([&] { return heart.beats() > 1; }));
        EXPECT_TRUE(heart.wait(10ms));
        heart.stop();
        EXPECT_FALSE(heart.is_alive());
        EXPECT_FALSE(heart.wait());
    });
}

TEST_P(SeedLifeCycle, StoppingLeavesTheGroups) {
    in_place([](Session& session) {
        Coordinator& stays = session.member("stays");
        Coordinator& leaves = session.member("leaves");
        stays.create_group("group").get();
        stays.join_group("group").get();
        leaves.join_group("group").get();
        EXPECT_THAT(stays.get_members("group").get(), ElementsAre("leaves", "stays"));
        leaves.stop();
        EXPECT_THAT(stays.get_members("group").get(), ElementsAre("stays"));
    });
}

TEST_P(SeedLifeCycle, AResultThatIsNotThereYetTimesOutAndComesLater) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        const AsyncResult<void> created = one.create_group("group");
        EXPECT_FALSE(created.done());
        EXPECT_THROW(created.get(0s), OperationTimedOut);
        created.get();
        EXPECT_TRUE(created.done());
        created.get(0s);
        const AsyncResult<void> again = one.create_group("group");
        EXPECT_THROW(again.get(), GroupAlreadyExist);
        EXPECT_TRUE(again.done());
        EXPECT_THROW(again.get(), GroupAlreadyExist) << "a result may be asked for again";
    });
}

TEST_P(SeedLifeCycle, OperationsAreDoneInTheOrderOfTheirCalls) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        one.create_group("group");
        const auto joined = one.join_group("group", "here");
        const auto members = one.get_members("group");
        const auto capabilities = one.get_member_capabilities("group", "one");
        const auto left = one.leave_group("group");
        const auto nobody = one.get_members("group");
        EXPECT_TRUE(nobody.get().empty());
        EXPECT_TRUE(joined.done() && left.done());
        EXPECT_THAT(members.get(0s), ElementsAre("one"));
        EXPECT_EQ(capabilities.get(0s), Value("here"));
    });
}

INSTANTIATE_TEST_SUITE_P(Any, SeedLifeCycle, testing::ValuesIn(seed_places()), name_of_place);

}  // namespace
}  // namespace conclave::contract
