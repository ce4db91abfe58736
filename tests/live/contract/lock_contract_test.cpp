// What a lock of any driver must do, in every world.

#include <optional>

#include "suite.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;

Lease acquire(Session& session, Locks& locks, const std::string& name) {
    std::optional<Lease> lease = locks.try_acquire(name, locks.new_owner(), session.soon());
    if (!lease) throw Error("lock " + name + " is not free");
    return *lease;
}

bool is_free(Session& session, Locks& locks, const std::string& name) {
    const std::optional<Lease> lease = locks.try_acquire(name, locks.new_owner(), session.soon());
    if (lease) locks.release(*lease, session.soon());
    return lease.has_value();
}

TEST_P(LockContract, ExcludesOthersUntilItIsReleased) {
    in_place([](Session& session) {
        Locks& ours = *session.connect("one").locks();
        Locks& theirs = *session.connect("two").locks();
        const Lease lease = acquire(session, ours, "lock");
        EXPECT_FALSE(is_free(session, theirs, "lock"));
        EXPECT_FALSE(is_free(session, ours, "lock"));
        EXPECT_TRUE(is_free(session, theirs, "another"));
        EXPECT_TRUE(ours.release(lease, session.soon()));
        EXPECT_TRUE(is_free(session, theirs, "lock"));
    });
}

TEST_P(LockContract, TellsWhoHoldsIt) {
    in_place([](Session& session) {
        Locks& ours = *session.connect("one").locks();
        Locks& theirs = *session.connect("two").locks();
        EXPECT_FALSE(theirs.holder("lock", session.soon()));
        for (int i = 0; i < 2; ++i) {
            Lease lease = acquire(session, ours, "lock");
            for (Locks* const locks : {&ours, &theirs}) {
                const std::optional<Holder> holder = locks->holder("lock", session.soon());
                ASSERT_TRUE(holder);
                EXPECT_EQ(holder->token, lease.token);
                EXPECT_EQ(holder->left == Duration::max(), ours.ttl() == Duration::max());
                EXPECT_LE(holder->left, ours.ttl());
            }
            EXPECT_TRUE(ours.renew(lease, session.soon())) << "being looked at changes nothing";
            EXPECT_TRUE(ours.release(lease, session.soon()));
            EXPECT_FALSE(theirs.holder("lock", session.soon()));
        }
    });
}

TEST_P(LeaseContract, BreaksTheHoldThatWasToldAndNoLaterOne) {
    in_place([](Session& session) {
        Locks& ours = *session.connect("one").locks();
        Locks& theirs = *session.connect("two").locks();
        Lease lease = acquire(session, ours, "lock");
        const Holder holder = theirs.holder("lock", session.soon()).value();
        EXPECT_TRUE(theirs.break_holder("lock", holder, session.soon()));
        EXPECT_FALSE(ours.renew(lease, session.soon()));
        Lease next = acquire(session, ours, "lock");
        EXPECT_FALSE(theirs.break_holder("lock", holder, session.soon()));
        EXPECT_TRUE(ours.renew(next, session.soon()));
    });
}

TEST_P(LockContract, RecognisesItsOwnAcquisitionAfterAnUnknownOutcome) {
    in_place([](Session& session) {
        Locks& locks = *session.connect("one").locks();
        const std::string owner = locks.new_owner();
        ASSERT_TRUE(locks.try_acquire("lock", owner, session.soon()));
        // The reply of the first attempt might have been lost: the caller asks again.
        const std::optional<Lease> again = locks.try_acquire("lock", owner, session.soon());
        ASSERT_TRUE(again);
        EXPECT_EQ(again->owner, owner);
        EXPECT_TRUE(locks.is_owner(*again, session.soon()));
        EXPECT_TRUE(locks.release(*again, session.soon()));
    });
}

TEST_P(LeaseContract, IsGrantedOnlyWhenAsManyReplicasHaveItAsWanted) {
    const int replicas = GetParam().backend == PlaceKind::Backend::replicated ? 2 : 0;
    in_place([replicas](Session& session) {
        const auto locks_waiting_for = [&](int wanted) {
            const std::string number = std::to_string(wanted);
            return session.connect("waits-for-" + number, {{"wait_replicas", number}}).locks();
        };
        Locks& enough = *locks_waiting_for(replicas);
        Lease lease = acquire(session, enough, "lock");
        EXPECT_TRUE(enough.renew(lease, session.soon()));
        EXPECT_TRUE(enough.release(lease, session.soon()));
        Locks& too_many = *locks_waiting_for(replicas + 1);
        try {
            too_many.try_acquire("lock", too_many.new_owner(), session.runtime().after(1s));
            FAIL() << "expected Error";
        } catch (const Error& error) {
            EXPECT_THAT(error.what(), testing::HasSubstr(std::to_string(replicas) + " replicas ("));
            EXPECT_EQ(error.effect(), Effect::none);
        }
        EXPECT_TRUE(is_free(session, enough, "lock"));
    });
}

TEST_P(LeaseContract, BelievesNoLongerThanTheLeaseLives) {
    in_place([](Session& session) {
        Locks& locks = *session.connect("one").locks();
        const TimePoint before = session.runtime().clock.now();
        const Lease lease = acquire(session, locks, "lock");
        EXPECT_GT(lease.belief_until, before);
        EXPECT_LT(lease.belief_until, session.runtime().clock.now() + locks.ttl());
    });
}

TEST_P(LockContract, RenewsWhatItHolds) {
    in_place([](Session& session) {
        Locks& locks = *session.connect("one").locks();
        Lease lease = acquire(session, locks, "lock");
        const TimePoint first = lease.belief_until;
        EXPECT_TRUE(locks.renew(lease, session.soon()));
        EXPECT_TRUE(lease.belief_until > first || first == TimePoint::max());
        EXPECT_TRUE(locks.is_owner(lease, session.soon()));
    });
}

TEST_P(LeaseContract, IsLostForGoodWhenItExpires) {
    in_place([](Session& session) {
        Locks& locks = *session.connect("one", {{"lock_timeout", "1"}}).locks();
        Lease lease = acquire(session, locks, "lock");
        EXPECT_TRUE(session.eventually([&] { return !locks.is_owner(lease, session.soon()); }));
        EXPECT_GE(session.runtime().clock.now(), lease.belief_until);
        EXPECT_FALSE(locks.renew(lease, session.soon()));
        EXPECT_FALSE(locks.release(lease, session.soon()));
    });
}

TEST_P(LeaseContract, ReleaseOfALostLockLeavesTheSuccessorAlone) {
    in_place([](Session& session) {
        Locks& ours = *session.connect("one").locks();
        Locks& theirs = *session.connect("two").locks();
        Lease lost = acquire(session, ours, "lock");
        EXPECT_TRUE(theirs.break_lock("lock", session.soon()));
        const Lease successor = acquire(session, theirs, "lock");
        EXPECT_FALSE(ours.release(lost, session.soon()));
        EXPECT_FALSE(ours.renew(lost, session.soon()));
        EXPECT_FALSE(ours.is_owner(lost, session.soon()));
        EXPECT_TRUE(theirs.is_owner(successor, session.soon()));
    });
}

TEST_P(LeaseContract, BreakOfAFreeLockSaysSo) {
    in_place([](Session& session) {
        Locks& locks = *session.connect("one").locks();
        EXPECT_FALSE(locks.break_lock("lock", session.soon()));
        acquire(session, locks, "lock");
        EXPECT_TRUE(locks.break_lock("lock", session.soon()));
        EXPECT_TRUE(is_free(session, locks, "lock"));
    });
}

TEST_P(LockContract, TokensGrowWithEveryAcquisition) {
    in_place([](Session& session) {
        Locks& ours = *session.connect("one").locks();
        Locks& theirs = *session.connect("two").locks();
        const Lease first = acquire(session, ours, "lock");
        EXPECT_GT(first.token, 0u);
        EXPECT_TRUE(ours.release(first, session.soon()));
        const Lease second = acquire(session, theirs, "lock");
        EXPECT_GT(second.token, first.token);
        EXPECT_FALSE(is_free(session, ours, "lock"));
        EXPECT_TRUE(theirs.release(second, session.soon()));
        EXPECT_GT(acquire(session, ours, "lock").token, second.token);
    });
}

TEST_P(LeaseContract, TokensGrowWhenALockIsBroken) {
    in_place([](Session& session) {
        Locks& locks = *session.connect("one").locks();
        const Lease broken = acquire(session, locks, "lock");
        EXPECT_TRUE(locks.break_lock("lock", session.soon()));
        EXPECT_GT(acquire(session, locks, "lock").token, broken.token);
    });
}

TEST_P(LockContract, NamesAreBytes) {
    in_place([](Session& session) {
        Locks& locks = *session.connect("one").locks();
        for (const std::string name : {"sp ace", "näme", "a\r\nb", "100%", "quote'\""}) {
            const Lease lease = acquire(session, locks, name);
            EXPECT_FALSE(is_free(session, locks, name)) << name;
            EXPECT_TRUE(locks.release(lease, session.soon())) << name;
        }
    });
}

// In the layout of tooz these are refused, or would be another lock's file.
TEST_P(LockContract, InOurLayoutAnyNameIsALockOfItsOwn) {
    in_place([](Session& session) {
        Locks& locks = *session.connect("one", {{"layout", "conclave"}}).locks();
        const std::vector<std::string> names{"leader_of_g", "groups/a", "..", "a",  "a/b", "/",
                                             std::string("zero\0byte", 9), "a:fence",
                                             std::string(1024, ':')};
        std::vector<Lease> held;
        for (const std::string& name : names) held.push_back(acquire(session, locks, name));
        for (const Lease& lease : held) {
            EXPECT_FALSE(is_free(session, locks, lease.name)) << lease.name;
            EXPECT_TRUE(locks.release(lease, session.soon())) << lease.name;
            EXPECT_TRUE(is_free(session, locks, lease.name)) << lease.name;
        }
    });
}

}  // namespace
}  // namespace conclave::contract
