// What a C++ and a Python process share in one folder, in tooz's own layout.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conclave/sync.hpp"
#include "live/contract/asio_session.hpp"
#include "live/fixture/temp_folder.hpp"
#include "tooz_peer.hpp"

namespace conclave::interop {
namespace {

using namespace std::chrono_literals;
using contract::Session;
using testing::ElementsAre;

class ToozFolder : public testing::Test {
protected:
    void in_session(const std::function<void(Session&)>& body) {
        contract::run_asio_session(url_ + "?peers=mixed", body);
    }
    bool tooz_acquires(const std::string& name) {
        return tooz_.call("acquire", {{"name", name}, {"blocking", false}});
    }

    live::TempFolder folder_;
    const std::string url_ = "file://" + folder_.file("coordination");
    ToozPeer tooz_{url_, "tooz"};
};

bool is_free(Session& session, Locks& locks, const std::string& name) {
    const auto lease = locks.try_acquire(name, locks.new_owner(), session.soon());
    if (lease) locks.release(*lease, session.soon());
    return lease.has_value();
}

TEST_F(ToozFolder, HolderExcludesUsUntilItReleases) {
    in_session([this](Session& session) {
        Locks& locks = *session.connect("native").locks();
        for (const std::string name : {"lock", "a/nested/lock"}) {
            ASSERT_TRUE(tooz_acquires(name));
            EXPECT_FALSE(is_free(session, locks, name));
            ASSERT_TRUE(tooz_.call("release", {{"name", name}}));
            EXPECT_TRUE(is_free(session, locks, name));
        }
    });
}

TEST_F(ToozFolder, HolderExcludesUsUntilItDies) {
    in_session([this](Session& session) {
        Locks& locks = *session.connect("native").locks();
        ASSERT_TRUE(tooz_acquires("lock"));
        EXPECT_FALSE(is_free(session, locks, "lock"));
        tooz_.kill();
        EXPECT_TRUE(is_free(session, locks, "lock"));
    });
}

TEST_F(ToozFolder, IsExcludedByOurHolder) {
    in_session([this](Session& session) {
        Locks& locks = *session.connect("native").locks();
        const auto lease = locks.try_acquire("lock", locks.new_owner(), session.soon());
        ASSERT_TRUE(lease);
        // What would end a classic record lock of ours: another descriptor of the file is closed.
        session.runtime().files.read(folder_.file("coordination/lock"), session.soon());
        EXPECT_FALSE(is_free(session, *session.connect("second").locks(), "lock"));
        EXPECT_FALSE(tooz_acquires("lock"));
        ASSERT_TRUE(locks.release(*lease, session.soon()));
        EXPECT_TRUE(tooz_acquires("lock"));
    });
}

TEST_F(ToozFolder, IsExcludedWhileWeShareAndExcludesUsFromSharing) {
    in_session([this](Session& session) {
        Locks& locks = *session.connect("native").shared_locks();
        const auto lease = locks.try_acquire("lock", locks.new_owner(), session.soon());
        ASSERT_TRUE(lease);
        EXPECT_FALSE(tooz_acquires("lock"));
        ASSERT_TRUE(locks.release(*lease, session.soon()));
        ASSERT_TRUE(tooz_acquires("lock"));
        EXPECT_FALSE(is_free(session, locks, "lock"));
    });
}

TEST_F(ToozFolder, SeesOurGroupsMembersAndCapabilities) {
    in_session([this](Session& session) {
        Groups& groups = *session.connect("native").groups();
        groups.create_group("group", session.soon());
        EXPECT_EQ(tooz_.refusal("create_group", {{"group", "group"}}), "GroupAlreadyExist");
        groups.join_group("group", Map{{"zone", "a"}, {"weight", 3}}, session.soon());
        EXPECT_EQ(tooz_.call("groups"), nlohmann::json({"group"}));
        EXPECT_EQ(tooz_.call("members", {{"group", "group"}}), nlohmann::json({"native"}));
        const nlohmann::json of_native = {{"group", "group"}, {"member", "native"}};
        EXPECT_EQ(tooz_.call("capabilities", of_native),
                  nlohmann::json({{"zone", "a"}, {"weight", 3}}));
        groups.update_capabilities("group", "busy", session.soon());
        EXPECT_EQ(tooz_.call("capabilities", of_native), "busy");
        groups.leave_group("group", session.soon());
        EXPECT_EQ(tooz_.call("members", {{"group", "group"}}), nlohmann::json::array());
    });
}

TEST_F(ToozFolder, MembersAndCapabilitiesAreSeenByUs) {
    in_session([this](Session& session) {
        Groups& groups = *session.connect("native").groups();
        tooz_.call("create_group", {{"group", "group"}});
        tooz_.call("join", {{"group", "group"}, {"capabilities", {{"zone", "b"}}}});
        EXPECT_THAT(groups.get_groups(session.soon()), ElementsAre("group"));
        EXPECT_THAT(groups.get_members("group", session.soon()), ElementsAre("tooz"));
        EXPECT_EQ(groups.get_member_capabilities("group", "tooz", session.soon()),
                  Value(Map{{"zone", "b"}}));
        EXPECT_THROW(groups.create_group("group", session.soon()), GroupAlreadyExist);
        EXPECT_THROW(groups.delete_group("group", session.soon()), GroupNotEmpty);
        tooz_.call("leave", {{"group", "group"}});
        groups.delete_group("group", session.soon());
        EXPECT_EQ(tooz_.call("groups"), nlohmann::json::array());
    });
}

TEST_F(ToozFolder, BeatsKeepUsInItsViewAndItInOurs) {
    in_session([this](Session& session) {
        Driver& driver = session.connect("native");
        Groups& groups = *driver.groups();
        groups.create_group("group", session.soon());
        groups.join_group("group", Value(), session.soon());
        tooz_.call("join", {{"group", "group"}, {"capabilities", nullptr}});
        // Longer than a member without a beat stays.
        for (int second = 0; second < 12; ++second) {
            sleep_for(session.runtime(), 1s);
            driver.heartbeat(session.soon());
            tooz_.call("heartbeat");
        }
        EXPECT_EQ(tooz_.call("members", {{"group", "group"}}),
                  nlohmann::json({"native", "tooz"}));
        EXPECT_THAT(groups.get_members("group", session.soon()), ElementsAre("native", "tooz"));
    });
}

TEST_F(ToozFolder, WaitsForTheDriverLockThatWeHoldAndTheReverse) {
    in_session([this](Session& session) {
        Groups& groups = *session.connect("native").groups();
        tooz_.call("create_group", {{"group", "group"}});
        for (int round = 0; round < 20; ++round) {
            tooz_.begin("join", {{"group", "group"}, {"capabilities", round}});
            groups.join_group("group", Value(round), session.soon());
            tooz_.finish();
            tooz_.begin("members", {{"group", "group"}});
            EXPECT_THAT(groups.get_members("group", session.soon()),
                        ElementsAre("native", "tooz"));
            EXPECT_EQ(tooz_.finish(), nlohmann::json({"native", "tooz"}));
            tooz_.begin("leave", {{"group", "group"}});
            groups.leave_group("group", session.soon());
            tooz_.finish();
        }
    });
}

}  // namespace
}  // namespace conclave::interop
