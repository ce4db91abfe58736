// `conclave lock` while all is well: what CMD is told, and what becomes of its end.

#include <signal.h>

#include "verb_fixture.hpp"

namespace conclave {
namespace {

using testing::HasSubstr;

class LockVerb : public VerbTest {};
INSTANTIATE_TEST_SUITE_P(Backends, LockVerb, testing::Values("redis", "file"),
                         [](const auto& test) { return test.param; });

TEST_P(LockVerb, RunsTheCommandWithItsTokenAndPassesItsCode) {
    for (const char* const token : {"1", "2"}) {
        const VerbEnded ran =
            run({"lock", "L", "--", "sh", "-c", "echo \"$CONCLAVE_LOCK $CONCLAVE_TOKEN\"; exit 7"});
        EXPECT_EQ(ran.code, 7);
        EXPECT_EQ(ran.text, std::string("L ") + token + "\n");
    }
}

TEST_P(LockVerb, PassesTheCommandsArgumentsAndSignalOn) {
    EXPECT_EQ(run({"lock", "L", "--", "printf", "%s|", "--url", "[a,b]", "", "--"}).text,
              "--url|[a,b]||--|");
    EXPECT_EQ(run({"lock", "L", "--", "sh", "-c", "kill -KILL $$"}).code, 128 + SIGKILL);
}

TEST_P(LockVerb, IsNotObtainedWhileAnotherHoldsIt) {
    const Running held = start({"lock", "L"}, "exec sleep 600");
    EXPECT_EQ(run({"lock", "L", "--no-wait", "--", "true"}).code, 75);
    const VerbEnded waited = run({"lock", "L", "--wait", "50ms", "--", "true"});
    EXPECT_EQ(waited.code, 75);
    EXPECT_THAT(waited.text, HasSubstr("conclave lock: 'L' is held by another"));
    EXPECT_EQ(run({"lock", "L", "--no-wait", "-E", "9", "--", "true"}).code, 9);
    EXPECT_EQ(run({"lock", "other", "--no-wait", "--", "true"}).code, 0);
}

TEST_P(LockVerb, IsFreeAfterTheCommand) {
    EXPECT_EQ(run({"lock", "L", "--", "true"}).code, 0);
    Client other = client();
    EXPECT_TRUE(other.mutex("L").acquire_for(0s));
}

TEST_P(LockVerb, IsKeptForLongerThanItsTtl) {
    const Running held =
        start({"lock", "L", "--ttl", "400ms"}, "trap 'exit 5' TERM; while :; do sleep 0.01; done");
    Client other = client();
    EXPECT_FALSE(other.mutex("L").acquire_for(1500ms));
    held.verb->process().signal(SIGTERM);
    EXPECT_EQ(held.verb->wait(), 5) << held.verb->text();
    EXPECT_TRUE(other.mutex("L").acquire_for(10s));
}

TEST_P(LockVerb, StopsWhatTheCommandLeavesBehindInItsGroup) {
    const Running held = start({"lock", "L"}, "trap '' TERM; sleep 600 & exit 4");
    EXPECT_EQ(held.verb->wait(), 4) << held.verb->text();
    EXPECT_TRUE(is_gone(held.group));
}

TEST_P(LockVerb, SaysWhyACommandCannotRun) {
    const VerbEnded missing = run({"lock", "L", "--", "conclave-no-such-program"});
    EXPECT_EQ(missing.code, 127);
    EXPECT_THAT(missing.text, HasSubstr("conclave-no-such-program: No such file"));
    EXPECT_EQ(run({"lock", "L", "--", "/dev/null"}).code, 126);
    Client other = client();
    EXPECT_TRUE(other.mutex("L").acquire_for(0s));
}

TEST_P(LockVerb, EndsByASignalWhileItWaits) {
    Running held = start({"lock", "L"}, "exec sleep 600");
    std::vector<std::string> words = {"lock", "--url", url(), "L", "--", "true"};
    Verb waiting(words);
    // Its handlers are in place once it has asked for the lock; before that the signal itself ends
    // it, which a shell sees as the same number.
    poll_until("it ends", [&] {
        waiting.process().signal(SIGTERM);
        return !waiting.process().running();
    });
    EXPECT_EQ(waiting.wait(), 128 + SIGTERM) << waiting.text();
    held.verb->process().signal(SIGTERM);
    EXPECT_EQ(held.verb->wait(), 128 + SIGTERM);
    Client other = client();
    EXPECT_TRUE(other.mutex("L").acquire_for(0s)) << "what was waited for must not stay";
}

}  // namespace
}  // namespace conclave
