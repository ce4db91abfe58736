// What locks that may be shared must do, in every world.

#include "conclave/client.hpp"
#include "conclave/drivers/all_drivers.hpp"
#include "suite.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;

Lease take(Session& session, Locks& locks) {
    std::optional<Lease> lease = locks.try_acquire("lock", locks.new_owner(), session.soon());
    if (!lease) throw Error("the lock is not free");
    return *lease;
}

bool is_free(Session& session, Locks& locks) {
    const std::optional<Lease> lease =
        locks.try_acquire("lock", locks.new_owner(), session.soon());
    if (lease) locks.release(*lease, session.soon());
    return lease.has_value();
}

TEST_P(SharedLockContract, AnyNumberSharesAndNobodyIsAlone) {
    in_place([](Session& session) {
        Driver& one = session.connect("one");
        Driver& two = session.connect("two");
        const Lease first = take(session, *one.shared_locks());
        const Lease second = take(session, *one.shared_locks());
        const Lease third = take(session, *two.shared_locks());
        EXPECT_FALSE(is_free(session, *one.locks()));
        EXPECT_FALSE(is_free(session, *two.locks()));
        EXPECT_TRUE(one.shared_locks()->release(first, session.soon()));
        EXPECT_TRUE(two.shared_locks()->release(third, session.soon()));
        EXPECT_FALSE(is_free(session, *two.locks()));
        EXPECT_TRUE(one.shared_locks()->is_owner(second, session.soon()));
        EXPECT_TRUE(one.shared_locks()->release(second, session.soon()));
        EXPECT_FALSE(one.shared_locks()->release(second, session.soon()));
        EXPECT_TRUE(is_free(session, *two.locks()));
    });
}

TEST_P(SharedLockContract, NobodySharesWithOneWhoIsAlone) {
    in_place([](Session& session) {
        Driver& one = session.connect("one");
        Driver& two = session.connect("two");
        const Lease alone = take(session, *one.locks());
        EXPECT_FALSE(is_free(session, *one.shared_locks()));
        EXPECT_FALSE(is_free(session, *two.shared_locks()));
        EXPECT_TRUE(one.locks()->release(alone, session.soon()));
        EXPECT_TRUE(is_free(session, *two.shared_locks()));
    });
}

TEST_P(SharedLockContract, RecognisesItsOwnAcquisitionAfterAnUnknownOutcome) {
    in_place([](Session& session) {
        Driver& driver = session.connect("one");
        Locks& locks = *driver.shared_locks();
        const std::string owner = locks.new_owner();
        ASSERT_TRUE(locks.try_acquire("lock", owner, session.soon()));
        const auto again = locks.try_acquire("lock", owner, session.soon());
        ASSERT_TRUE(again);
        EXPECT_TRUE(locks.release(*again, session.soon()));
        EXPECT_TRUE(is_free(session, *driver.locks())) << "it was one hold";
    });
}

TEST_P(SharedLockContract, ATokenIsThatOfTheLastWhoWasAlone) {
    in_place([](Session& session) {
        Driver& one = session.connect("one");
        Driver& two = session.connect("two");
        const Lease before = take(session, *two.shared_locks());
        EXPECT_EQ(before.token, 0u) << "nobody was alone yet";
        EXPECT_TRUE(two.shared_locks()->release(before, session.soon()));
        const Lease alone = take(session, *one.locks());
        EXPECT_TRUE(one.locks()->release(alone, session.soon()));
        const Lease first = take(session, *one.shared_locks());
        const Lease second = take(session, *two.shared_locks());
        EXPECT_EQ(first.token, alone.token);
        EXPECT_EQ(second.token, alone.token);
        EXPECT_TRUE(one.shared_locks()->release(first, session.soon()));
        EXPECT_TRUE(two.shared_locks()->release(second, session.soon()));
        EXPECT_GT(take(session, *two.locks()).token, alone.token);
    });
}

TEST_P(SharedLockContract, EndsWithItsDriver) {
    in_place([this](Session& session) {
        Driver& one = session.connect("one");
        take(session, *one.shared_locks());
        elsewhere(session, [](Session& other) {
            take(other, *other.connect("two").shared_locks());
        });
        EXPECT_FALSE(is_free(session, *session.connect("three").locks()));
        one.stop(session.soon());
        EXPECT_TRUE(is_free(session, *session.connect("four").locks()));
    });
}

TEST_P(SharedLockContract, AMutexCanBeShared) {
    in_place([](Session& session) {
        InlineGate gate(session.runtime());
        auto driver = all_drivers().make(session.runtime(), session.url(), "one");
        Client one = Client::start(gate, std::move(driver), MemberId("one"));
        {
            const auto first = one.mutex("lock").acquire_shared_for(1s);
            auto second = one.mutex("lock").try_acquire_shared_for(1s).value();
            ASSERT_TRUE(first && second);
            EXPECT_TRUE(first->valid());
            EXPECT_FALSE(one.mutex("lock").acquire_for(0s));
            EXPECT_TRUE(second->release());
        }
        EXPECT_TRUE(one.mutex("lock").acquire_for(5s));
        EXPECT_TRUE(one.stop().still_running.empty());
    });
}

}  // namespace
}  // namespace conclave::contract
