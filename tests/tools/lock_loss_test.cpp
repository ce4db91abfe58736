// `conclave lock` when the tool, its guard or the backend fails: CMD's group is gone before another
// client can have the lock.

#include <signal.h>

#include <fstream>

#include "verb_fixture.hpp"

namespace conclave {
namespace {

using testing::HasSubstr;

/// A group of two that does not heed SIGTERM.
constexpr const char* stubborn = "trap '' TERM; sleep 600 & sleep 600";

class LockLoss : public VerbTest {
protected:
    /// Takes the lock as soon as it can be had and says whether the group was gone by then.
    void expect_gone_before_the_next_holder(pid_t group) {
        Client other = client();
        const std::optional<HeldLock> next = other.mutex("L").acquire_for(30s);
        const bool gone = is_gone(group);
        ASSERT_TRUE(next);
        EXPECT_TRUE(gone);
    }
};
INSTANTIATE_TEST_SUITE_P(Backends, LockLoss, testing::Values("redis", "file"),
                         [](const auto& test) { return test.param; });

class RedisLockLoss : public RedisVerbTest {
protected:
    Running start_stubborn() { return start({"lock", "L", "--ttl", "2s"}, stubborn); }
};
INSTANTIATE_TEST_SUITE_P(Redis, RedisLockLoss, testing::Values("redis"));

pid_t guard_of(const Verb& verb) {
    const std::string pid = std::to_string(verb.pid());
    std::ifstream children("/proc/" + pid + "/task/" + pid + "/children");
    pid_t guard = 0;
    children >> guard;
    return guard;
}

TEST_P(LockLoss, AKilledToolTakesItsCommandWithIt) {
    const Running held = start({"lock", "L", "--ttl", "2s"}, stubborn);
    held.verb->process().kill();
    expect_gone_before_the_next_holder(held.group);
}

TEST_P(LockLoss, AKilledGuardTakesTheCommandWithIt) {
    const Running held = start({"lock", "L"}, stubborn);
    const pid_t guard = guard_of(*held.verb);
    ASSERT_GT(guard, 0);
    ASSERT_EQ(::kill(guard, SIGKILL), 0);
    EXPECT_EQ(held.verb->wait(), 70);
    poll_until("the group is gone", [&] { return is_gone(held.group); });
}

TEST_P(RedisLockLoss, AStoppedToolLosesItsCommandBeforeTheLock) {
    const Running held = start_stubborn();
    held.verb->process().signal(SIGSTOP);
    Client other = client();
    const std::optional<HeldLock> next = other.mutex("L").acquire_for(30s);
    EXPECT_TRUE(is_gone(held.group));
    ASSERT_TRUE(next);
    held.verb->process().signal(SIGCONT);
    EXPECT_EQ(held.verb->wait(), 79);
    EXPECT_THAT(held.verb->text(), HasSubstr("can no longer be proved"));
    EXPECT_TRUE(next->valid()) << "the tool must not give up what is another's";
}

TEST_P(RedisLockLoss, AStoppedToolAndGroupAreNoWayOut) {
    const Running held = start({"lock", "L", "--ttl", "2s"}, "sleep 600 & kill -STOP 0");
    held.verb->process().signal(SIGSTOP);
    Client other = client();
    const std::optional<HeldLock> next = other.mutex("L").acquire_for(30s);
    EXPECT_TRUE(is_gone(held.group));
    EXPECT_TRUE(next);
    held.verb->process().signal(SIGCONT);
    EXPECT_EQ(held.verb->wait(), 79);
}

TEST_P(RedisLockLoss, AServerThatIsCutOffEndsTheCommand) {
    const Running held = start_stubborn();
    server().pause();
    EXPECT_EQ(held.verb->wait(), 79);
    EXPECT_TRUE(is_gone(held.group));
    server().resume();
}

TEST_P(RedisLockLoss, AServerThatDiesEndsTheCommand) {
    const Running held = start_stubborn();
    server().kill();
    EXPECT_EQ(held.verb->wait(), 79);
    EXPECT_TRUE(is_gone(held.group));
}

TEST_P(RedisLockLoss, ACommandThatHeedsSigtermHasTheTimeForIt) {
    const std::string mark = folder_.file("mark");
    const Running held =
        start({"lock", "L", "--ttl", "2s"},
              "trap 'echo ended >" + mark + "; exit 0' TERM; while :; do sleep 0.01; done");
    held.verb->process().signal(SIGSTOP);
    Client other = client();
    EXPECT_TRUE(other.mutex("L").acquire_for(30s));
    EXPECT_EQ(live::read_file(mark), "ended\n");
    held.verb->process().signal(SIGCONT);
    EXPECT_EQ(held.verb->wait(), 79) << "it ended because the hold did";
}

TEST_P(RedisLockLoss, ABrokenLockEndsTheCommand) {
    const Running held = start_stubborn();
    Client other = client();
    EXPECT_TRUE(other.mutex("L").break_lock());
    EXPECT_EQ(held.verb->wait(), 79);
    EXPECT_TRUE(is_gone(held.group));
}

}  // namespace
}  // namespace conclave
