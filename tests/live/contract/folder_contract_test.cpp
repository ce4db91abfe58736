// What the file driver must do beyond the rest of the suite: with files that are gone, damaged or
// left behind, and with processes that died without a word.

#include "conclave/sync.hpp"
#include "suite.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string folder_of(Session& session) { return session.url().substr(7); }

void overwrite(Session& session, const std::string& name, const std::string& content) {
    const std::string path = folder_of(session) + name;
    const FileOutcome outcome = session.runtime().files.replace(
        path, folder_of(session) + "/tmp/test", content, session.soon());
    if (!outcome.ok()) throw Error(outcome.detail);
}

std::vector<std::string> list(Session& session, const std::string& name) {
    return session.runtime().files.list(folder_of(session) + name, session.soon()).names;
}

/// The only group's folder, relative to the driver's.
std::string only_group(Session& session) {
    return "/groups/" + list(session, "/groups").at(0);
}

TEST_P(FolderContract, LocksLieWhereToozHasThemAndStayThere) {
    in_place([](Session& session) {
        Locks& locks = *session.connect("one").locks();
        for (const std::string name : {"lock", "deeper/and/deeper"}) {
            const auto lease = locks.try_acquire(name, locks.new_owner(), session.soon());
            ASSERT_TRUE(lease) << name;
            EXPECT_TRUE(locks.release(*lease, session.soon()));
        }
        EXPECT_THAT(list(session, ""), ElementsAre(".conclave", ".driver_lock", "deeper", "groups",
                                                   "lock", "tmp"));
        EXPECT_THAT(list(session, "/deeper/and"), ElementsAre("deeper"));
        EXPECT_THAT(list(session, "/tmp"), IsEmpty());
    });
}

TEST_P(FolderContract, NamesThatLeadElsewhereAreRefused) {
    in_place([](Session& session) {
        Locks& locks = *session.connect("one").locks();
        const std::vector<std::string> names = {
            "", ".", "..", "../evil", "a/../../evil", "/etc/passwd", "a//b", "a/", "groups",
            "groups/x/y.raw", "tmp", "tmp/x", ".driver_lock", ".conclave/fences/x",
            std::string("a\0b", 3), std::string(256, 'x')};
        for (const std::string& name : names) {
            try {
                locks.try_acquire(name, locks.new_owner(), session.soon());
                ADD_FAILURE() << "granted: " << name;
            } catch (const Error& error) {
                EXPECT_THAT(error.what(), HasSubstr("lock name '" + name.substr(0, 1)));
                EXPECT_EQ(error.effect(), Effect::none);
            }
        }
    });
}

TEST_P(FolderContract, ALockEndsWithItsDriverButCannotBeBroken) {
    in_place([](Session& session) {
        Driver& holder = session.connect("one");
        Locks& theirs = *session.connect("two").locks();
        const std::string owner = holder.locks()->new_owner();
        ASSERT_TRUE(holder.locks()->try_acquire("lock", owner, session.soon()));
        EXPECT_THROW(theirs.break_lock("lock", session.soon()), NotImplemented);
        const Holder told = theirs.holder("lock", session.soon()).value();
        EXPECT_THROW(theirs.break_holder("lock", told, session.soon()), NotImplemented);
        EXPECT_FALSE(theirs.try_acquire("lock", theirs.new_owner(), session.soon()));
        holder.stop(session.soon());
        EXPECT_TRUE(theirs.try_acquire("lock", theirs.new_owner(), session.soon()));
    });
}

TEST_P(FolderContract, AHolderFindsOutThatItsFileIsGone) {
    in_place([](Session& session) {
        Locks& ours = *session.connect("one").locks();
        Locks& theirs = *session.connect("two").locks();
        auto lease = ours.try_acquire("lock", ours.new_owner(), session.soon());
        ASSERT_TRUE(lease);
        session.runtime().files.remove(folder_of(session) + "/lock", session.soon());
        const auto successor = theirs.try_acquire("lock", theirs.new_owner(), session.soon());
        ASSERT_TRUE(successor);
        EXPECT_GT(successor->token, lease->token);
        EXPECT_FALSE(ours.is_owner(*lease, session.soon()));
        EXPECT_FALSE(ours.renew(*lease, session.soon()));
        EXPECT_FALSE(ours.release(*lease, session.soon()));
        EXPECT_TRUE(theirs.is_owner(*successor, session.soon()));
    });
}

TEST_P(FolderContract, ADamagedCounterGrantsNothing) {
    in_place([](Session& session) {
        Locks& locks = *session.connect("one").locks();
        const auto lease = locks.try_acquire("lock", locks.new_owner(), session.soon());
        ASSERT_TRUE(lease);
        ASSERT_TRUE(locks.release(*lease, session.soon()));
        const std::string fence = "/.conclave/fences/" + list(session, "/.conclave/fences").at(0);
        overwrite(session, fence, "\x82");
        for (int attempt = 0; attempt < 2; ++attempt) {
            try {
                locks.try_acquire("lock", locks.new_owner(), session.soon());
                ADD_FAILURE() << "granted";
            } catch (const SerializationError& error) {
                EXPECT_THAT(error.what(), HasSubstr(fence));
                EXPECT_EQ(error.effect(), Effect::none);
            }
        }
    });
}

TEST_P(FolderContract, AMemberThatDiedMakesRoomOnceItLapsed) {
    in_place([](Session& session) {
        const Options brief{{"timeout", "1"}};
        Groups& dead = *session.connect("twin", brief).groups();
        Groups& next = *session.connect("twin", brief).groups();
        dead.create_group("group", session.soon());
        dead.join_group("group", "first", session.soon());
        EXPECT_THROW(next.join_group("group", "second", session.soon()), MemberAlreadyExist);
        EXPECT_THROW(next.delete_group("group", session.soon()), GroupNotEmpty);
        ASSERT_TRUE(session.eventually(
            [&] { return next.get_members("group", session.soon()).empty(); }));
        EXPECT_THROW(next.get_member_capabilities("group", "twin", session.soon()),
                     MemberNotJoined);
        next.join_group("group", "second", session.soon());
        EXPECT_EQ(next.get_member_capabilities("group", "twin", session.soon()), Value("second"));
        EXPECT_THROW(dead.leave_group("group", session.soon()), MemberNotJoined);
        EXPECT_THAT(next.get_members("group", session.soon()), ElementsAre("twin"));
    });
}

TEST_P(FolderContract, ABeatTellsThatAnotherJoinTookItsPlace) {
    in_place([](Session& session) {
        const Options brief{{"timeout", "1"}};
        Driver& slow = session.connect("twin", brief);
        Driver& next = session.connect("twin", brief);
        slow.groups()->create_group("group", session.soon());
        slow.groups()->join_group("group", Value(), session.soon());
        ASSERT_TRUE(session.eventually(
            [&] { return next.groups()->get_members("group", session.soon()).empty(); }));
        next.groups()->join_group("group", Value(), session.soon());
        EXPECT_THAT(slow.heartbeat(session.soon()).lost, ElementsAre("group"));
        EXPECT_THAT(slow.heartbeat(session.soon()).lost, IsEmpty());
        EXPECT_THAT(next.heartbeat(session.soon()).rejoined, IsEmpty());
    });
}

TEST_P(FolderContract, AGroupOfTheDeadCanBeDeleted) {
    in_place([](Session& session) {
        const Options brief{{"timeout", "1"}};
        Groups& groups = *session.connect("dead", brief).groups();
        Groups& others = *session.connect("other", brief).groups();
        groups.create_group("group", session.soon());
        groups.join_group("group", Value(), session.soon());
        EXPECT_TRUE(session.eventually([&] {
            try {
                others.delete_group("group", session.soon());
                return true;
            } catch (const GroupNotEmpty&) {
                return false;
            }
        }));
        EXPECT_THAT(list(session, "/groups"), IsEmpty());
    });
}

TEST_P(FolderContract, ADamagedMemberHidesNobodyElse) {
    in_place([](Session& session) {
        Groups& groups = *session.connect("one").groups();
        groups.create_group("group", session.soon());
        groups.join_group("group", Value(), session.soon());
        overwrite(session, only_group(session) + "/damaged.raw", "\x85\xac");
        EXPECT_THAT(groups.get_members("group", session.soon()), ElementsAre("one"));
        groups.leave_group("group", session.soon());
        groups.delete_group("group", session.soon());
    });
}

TEST_P(FolderContract, WhatDoesNotBelongIntoAGroupIsNotRemoved) {
    in_place([](Session& session) {
        Groups& groups = *session.connect("one").groups();
        groups.create_group("group", session.soon());
        overwrite(session, only_group(session) + "/notes.txt", "mine");
        try {
            groups.delete_group("group", session.soon());
            ADD_FAILURE() << "deleted";
        } catch (const Error& error) {
            EXPECT_THAT(error.what(), HasSubstr("notes.txt"));
        }
        EXPECT_THAT(groups.get_groups(session.soon()), ElementsAre("group"));
    });
}

TEST_P(FolderContract, ADamagedGroupIsRepairedByWhoCreatesIt) {
    in_place([](Session& session) {
        Groups& groups = *session.connect("one").groups();
        groups.create_group("group", session.soon());
        overwrite(session, only_group(session) + "/.metadata", "");
        EXPECT_THAT(groups.get_groups(session.soon()), IsEmpty());
        EXPECT_THROW(groups.create_group("group", session.soon()), GroupAlreadyExist);
        EXPECT_THAT(groups.get_groups(session.soon()), ElementsAre("group"));
    });
}

TEST_P(FolderContract, OfSeveralCreatorsOneSucceeds) {
    in_place([](Session& session) {
        TaskGroup creators(session.runtime().scheduler);
        int created = 0;
        for (int i = 0; i < 4; ++i) {
            Groups& groups = *session.connect("creator-" + std::to_string(i)).groups();
            creators.spawn([&] {
                try {
                    groups.create_group("group", session.soon());
                    ++created;
                } catch (const GroupAlreadyExist&) {
                    // Another was first.
                }
            });
        }
        creators.join();
        EXPECT_EQ(created, 1);
    });
}

}  // namespace
}  // namespace conclave::contract
