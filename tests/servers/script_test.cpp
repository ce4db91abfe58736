#include <gtest/gtest.h>

#include "conclave/codec/redis_scripts.hpp"
#include "engine/script_run.hpp"
#include "engine/sha1.hpp"
#include "engine_side.hpp"

namespace conclave::servers::redis {

namespace scripts = conclave::redis::scripts;

TEST(Sha1, AgreesWithTheStandardsExamples) {
    const auto text = [](const ScriptHash& hash) { return std::string(hash.data(), hash.size()); };
    EXPECT_EQ(text(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(text(sha1("")), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    EXPECT_EQ(text(sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
}

TEST(Scripts, EveryScriptOfTheDriverIsKnownByItsText) {
    for (const scripts::Script& script : scripts::all) {
        const ScriptHash hash = sha1(script.body);
        EXPECT_NE(find_script({hash.data(), hash.size()}), nullptr) << script.name;
        EXPECT_EQ(std::string_view(hash.data(), hash.size()), script.sha1) << script.name;
    }
}

TEST(Scripts, UnknownTextIsRefusedLoudly) {
    EngineSide side;
    EXPECT_TRUE(side.run({"eval", "return 1", "0"})
                    .starts_with("-ERR unsupported by the model: script "));
    EXPECT_TRUE(side.run({"script", "load", "return 1"})
                    .starts_with("-ERR unsupported by the model: script "));
}

// The check is made at the inner write: a script that finds a mismatch writes nothing and answers.
TEST(Scripts, TooFewReplicasStopTheInnerWriteOnly) {
    EngineOptions options;
    options.min_replicas_to_write = 1;
    EngineSide side(options);
    side.engine.replication().replicas.push_back({9, {"r", 1, {}}, 0, side.now, true});
    const std::string release(scripts::release.body);
    side.run({"set", "k", "me"});
    side.engine.replication().replicas.clear();
    EXPECT_EQ(side.run({"eval", release, "1", "k", "another"}), ":0\r\n");
    EXPECT_TRUE(side.run({"eval", release, "1", "k", "me"})
                    .starts_with("-NOREPLICAS Not enough good replicas to write. script: "));
    EXPECT_EQ(side.run({"get", "k"}), "$2\r\nme\r\n");
}

TEST(Scripts, HashIsKnownAfterLoadOnly) {
    EngineSide side;
    const std::string sha(scripts::release.sha1);
    EXPECT_EQ(side.run({"evalsha", sha, "1", "k", "me"}),
              "-NOSCRIPT No matching script. Please use EVAL.\r\n");
    EXPECT_EQ(side.run({"script", "load", std::string(scripts::release.body)}),
              "$40\r\n" + sha + "\r\n");
    EXPECT_EQ(side.run({"evalsha", sha, "1", "k", "me"}), ":0\r\n");
    side.run({"script", "flush"});
    EXPECT_EQ(side.run({"script", "exists", sha}), "*1\r\n:0\r\n");
}

TEST(Scripts, LockIsTakenRenewedAndReleasedByItsOwnerOnly) {
    EngineSide side;
    const auto eval = [&](const scripts::Script& script, std::vector<std::string> rest) {
        rest.insert(rest.begin(), {"eval", std::string(script.body)});
        return side.run(rest);
    };
    EXPECT_EQ(eval(scripts::acquire, {"2", "lock", "count", "me", "1000"}), ":1\r\n");
    EXPECT_EQ(eval(scripts::acquire, {"2", "lock", "count", "you", "1000"}), ":0\r\n");
    EXPECT_EQ(eval(scripts::acquire, {"2", "lock", "count", "me", "1000"}), ":2\r\n")
        << "the owner whose reply was lost is recognised";
    EXPECT_EQ(eval(scripts::renew, {"1", "lock", "you", "5000"}), ":0\r\n");
    EXPECT_EQ(eval(scripts::renew, {"1", "lock", "me", "5000"}), ":1\r\n");
    EXPECT_EQ(side.run({"pttl", "lock"}), ":5000\r\n");
    EXPECT_EQ(eval(scripts::release, {"1", "lock", "you"}), ":0\r\n");
    EXPECT_EQ(eval(scripts::release, {"1", "lock", "me"}), ":1\r\n");
}

TEST(Scripts, ReleaseRemovesEveryKeyThatItIsGiven) {
    EngineSide side;
    for (const char* key : {"a", "b", "c", "d"}) side.run({"set", key, "me"});
    EXPECT_EQ(side.run({"eval", std::string(scripts::release.body), "3", "a", "b", "c", "me"}),
              ":1\r\n");
    EXPECT_EQ(side.run({"exists", "a", "b", "c", "d"}), ":1\r\n");
}

TEST(Scripts, NumbersAreDoublesInside) {
    EngineSide side;
    const auto token_after = [&](const std::string& count) {
        side.run({"set", "count", count});
        return side.run({"eval", std::string(scripts::acquire.body), "2", "lock", "count", "me",
                         "1000"});
    };
    EXPECT_EQ(token_after("9007199254740991"), ":9007199254740992\r\n");
    EXPECT_EQ(token_after("9007199254740992"), ":9007199254740992\r\n") << "2^53 + 1 has no double";
    EXPECT_EQ(token_after("-9223372036854775808"), ":-9223372036854775808\r\n");
    EXPECT_EQ(token_after("9223372036854775806"), ":-9223372036854775808\r\n");
}

TEST(Scripts, WritesBeforeAnErrorStay) {
    EngineSide side;
    side.run({"set", "group", "a string, not a hash"});
    const std::string reply = side.run({"eval", std::string(scripts::acquire.body), "2", "lock",
                                        "count", "me", "no number"});
    EXPECT_TRUE(reply.starts_with("-ERR value is not an integer or out of range script: "));
    EXPECT_TRUE(reply.ends_with(", on @user_script:4.\r\n"));
    EXPECT_EQ(side.run({"get", "count"}), "$1\r\n1\r\n");
}

TEST(Scripts, ReplicaRefusesTheWriteInsideAndAllowsTheReading) {
    EngineSide side;
    side.run({"set", "lock", "you"});
    side.engine.replication().replica = true;
    const std::string body(scripts::release.body);
    EXPECT_EQ(side.run({"eval", body, "1", "lock", "me"}), ":0\r\n");
    EXPECT_TRUE(side.run({"eval", body, "1", "lock", "you"})
                    .starts_with("-READONLY You can't write against a read only replica. script: "));
}

}  // namespace conclave::servers::redis
