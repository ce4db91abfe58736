// DISTRIBUTED_ACROSS_THREADS: two threads are two owners, whatever they share. What the lock protects
// is plain memory: the thread sanitizer sees whether each holder comes after the one before.

#include <mutex>

#include "threads.hpp"

namespace conclave {
namespace {

using Owners = Threads;
constexpr int rounds = 15;

TEST_F(Owners, ThreadsOfOneMutexExcludeEachOther) {
    Client me = client("me");
    Mutex mutex = me.mutex("L");
    int count = 0;
    std::uint64_t highest = 0;
    at_once([&](int) {
        for (int round = 0; round < rounds; ++round) {
            HeldLock held = mutex.acquire();
            ++count;
            EXPECT_GT(held.token(), highest);
            highest = held.token();
            held.release();
        }
    });
    EXPECT_EQ(count, threads * rounds);
}

TEST_F(Owners, AThreadIsRefusedWhatAnotherHolds) {
    Client me = client("me");
    Mutex mutex = me.mutex("L");
    const HeldLock held = mutex.acquire();
    at_once([&](int) { EXPECT_FALSE(mutex.acquire_for(0s)); });
    EXPECT_TRUE(held.valid());
}

TEST_F(Owners, ThreadsOfOneStandardLockExcludeEachOther) {
    Client me = client("me");
    LockableMutex lockable(me.mutex("L"));
    int count = 0;
    at_once([&](int) {
        for (int round = 0; round < rounds; ++round) {
            const std::unique_lock lock(lockable);
            ++count;
        }
    });
    EXPECT_EQ(count, threads * rounds);
}

TEST_F(Owners, LocksOfOneCoordinatorExcludeEachOther) {
    const auto me = coordinator("me");
    int count = 0;
    at_once([&](int) {
        const auto lock = me->get_lock("L");
        for (int round = 0; round < rounds; ++round) {
            ASSERT_TRUE(lock->acquire());
            ++count;
            EXPECT_TRUE(lock->release());
        }
    });
    EXPECT_EQ(count, threads * rounds);
}

TEST_F(Owners, OneThreadAtATimeLeads) {
    Client me = client("me");
    Election election = me.election("g");
    int bodies = 0;
    at_once([&](int) {
        const LeadEnd end = election.lead([&](Leadership& leads) {
            EXPECT_TRUE(leads.valid());
            ++bodies;
        });
        EXPECT_EQ(end, LeadEnd::resigned);
    });
    EXPECT_EQ(bodies, threads);
}

}  // namespace
}  // namespace conclave
