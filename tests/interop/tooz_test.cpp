// What a C++ and a Python process share on one real server, in tooz's own layout.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "interop_session.hpp"

namespace conclave::interop {
namespace {

using testing::ElementsAre;

class Tooz : public Interop {};

TEST_F(Tooz, HolderExcludesUs) {
    in_session([this](Session& session) {
        Locks& locks = *session.connect("native").locks();
        ASSERT_TRUE(tooz_.call("acquire", {{"name", "lock"}, {"blocking", false}}));
        EXPECT_FALSE(locks.try_acquire("lock", locks.new_owner(), session.soon()));
        ASSERT_TRUE(tooz_.call("release", {{"name", "lock"}}));
        EXPECT_TRUE(locks.try_acquire("lock", locks.new_owner(), session.soon()));
    });
}

TEST_F(Tooz, IsExcludedByOurHolder) {
    in_session([this](Session& session) {
        Locks& locks = *session.connect("native").locks();
        const auto lease = locks.try_acquire("lock", locks.new_owner(), session.soon());
        ASSERT_TRUE(lease);
        EXPECT_FALSE(tooz_.call("acquire", {{"name", "lock"}, {"blocking", false}}));
        ASSERT_TRUE(locks.release(*lease, session.soon()));
        EXPECT_TRUE(tooz_.call("acquire", {{"name", "lock"}, {"blocking", false}}));
    });
}

TEST_F(Tooz, OfTheOtherKeyFormDoesNotExcludeUs) {
    in_session([this](Session& session) {
        Locks& locks = *session.connect("native", {{"lock_key", "new"}}).locks();
        ASSERT_TRUE(tooz_.call("acquire", {{"name", "lock"}, {"blocking", false}}));
        EXPECT_TRUE(locks.try_acquire("lock", locks.new_owner(), session.soon()));
    });
}

TEST_F(Tooz, ThatNamesALockByTextExcludesUsAndIsExcluded) {
    in_session([this](Session& session) {
        Locks& locks = *session.connect("native", {{"lock_key", "old_text"}}).locks();
        Locks& of_bytes = *session.connect("bytes").locks();
        const nlohmann::json by_text = {{"name", "lock"}, {"blocking", false}, {"text", true}};
        ASSERT_TRUE(tooz_.call("acquire", by_text));
        EXPECT_FALSE(locks.try_acquire("lock", locks.new_owner(), session.soon()));
        EXPECT_TRUE(of_bytes.try_acquire("lock", of_bytes.new_owner(), session.soon()));
        ASSERT_TRUE(tooz_.call("release", {{"name", "lock"}}));
        const auto lease = locks.try_acquire("lock", locks.new_owner(), session.soon());
        ASSERT_TRUE(lease);
        EXPECT_FALSE(tooz_.call("acquire", by_text));
        ASSERT_TRUE(locks.release(*lease, session.soon()));
        EXPECT_TRUE(tooz_.call("acquire", by_text));
        // Leaders are named by bytes, whatever the application's names are.
        Elections& elections =
            *session.connect("leader", {{"lock_key", "old_text"}}).elections();
        tooz_.call("create_group", {{"group", "group"}});
        tooz_.call("watch_election", {{"group", "group"}});
        ASSERT_TRUE(tooz_.call("campaign", {{"group", "group"}}));
        EXPECT_FALSE(elections.try_lead("group", elections.new_owner(), session.soon()));
    });
}

TEST_F(Tooz, SeesOurMembersAndCapabilities) {
    in_session([this](Session& session) {
        Groups& groups = *session.connect("native").groups();
        groups.create_group("group", session.soon());
        groups.join_group("group", Map{{"zone", "a"}, {"weight", 3}}, session.soon());
        EXPECT_EQ(tooz_.call("groups"), nlohmann::json({"group"}));
        EXPECT_EQ(tooz_.call("members", {{"group", "group"}}), nlohmann::json({"native"}));
        EXPECT_EQ(tooz_.call("capabilities", {{"group", "group"}, {"member", "native"}}),
                  nlohmann::json({{"zone", "a"}, {"weight", 3}}));
    });
}

TEST_F(Tooz, MembersAndCapabilitiesAreSeenByUs) {
    in_session([this](Session& session) {
        Groups& groups = *session.connect("native").groups();
        tooz_.call("create_group", {{"group", "group"}});
        tooz_.call("join", {{"group", "group"}, {"capabilities", {{"zone", "b"}}}});
        EXPECT_THAT(groups.get_groups(session.soon()), ElementsAre("group"));
        EXPECT_THAT(groups.get_members("group", session.soon()), ElementsAre("tooz"));
        EXPECT_EQ(groups.get_member_capabilities("group", "tooz", session.soon()),
                  Value(Map{{"zone", "b"}}));
        EXPECT_THROW(groups.create_group("group", session.soon()), GroupAlreadyExist);
        tooz_.call("leave", {{"group", "group"}});
        groups.delete_group("group", session.soon());
        EXPECT_EQ(tooz_.call("groups"), nlohmann::json::array());
    });
}

TEST_F(Tooz, LeaderKeepsUsFromLeadingAndHasNoName) {
    in_session([this](Session& session) {
        Elections& elections = *session.connect("native").elections();
        tooz_.call("create_group", {{"group", "group"}});
        tooz_.call("watch_election", {{"group", "group"}});
        ASSERT_TRUE(tooz_.call("campaign", {{"group", "group"}}));
        EXPECT_FALSE(elections.try_lead("group", elections.new_owner(), session.soon()));
        EXPECT_EQ(elections.get_leader("group", session.soon()).known, Leader::Known::foreign);
        tooz_.call("stop");
        EXPECT_TRUE(elections.try_lead("group", elections.new_owner(), session.soon()));
        EXPECT_EQ(elections.get_leader("group", session.soon()).member_id, "native");
    });
}

TEST_F(Tooz, IsNotElectedWhileWeLead) {
    in_session([this](Session& session) {
        Elections& elections = *session.connect("native").elections();
        const auto leadership = elections.try_lead("group", elections.new_owner(), session.soon());
        ASSERT_TRUE(leadership);
        tooz_.call("create_group", {{"group", "group"}});
        tooz_.call("watch_election", {{"group", "group"}});
        EXPECT_FALSE(tooz_.call("campaign", {{"group", "group"}}));
        ASSERT_TRUE(elections.resign(*leadership, session.soon()));
        EXPECT_TRUE(tooz_.call("campaign", {{"group", "group"}}));
        EXPECT_EQ(elections.get_leader("group", session.soon()).known, Leader::Known::foreign);
    });
}

}  // namespace
}  // namespace conclave::interop
