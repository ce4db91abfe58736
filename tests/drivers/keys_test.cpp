#include "redis/driver/keys.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "conclave/error.hpp"

namespace conclave::redis {
namespace {

TEST(RedisKeys, AreToozsOwn) {
    const Keys keys("_tooz", LockKey::current);
    EXPECT_EQ(keys.lock("foo"), "_tooz_foo_lock");
    EXPECT_EQ(keys.leader_lock("g"), "_tooz_leader_of_g_lock");
    EXPECT_EQ(keys.group("g"), "_tooz_group:g");
    EXPECT_EQ(keys.all_groups(), "_tooz_groups");
    EXPECT_EQ(keys.beat("m"), "_tooz_beats:m");
    EXPECT_EQ(keys.join("a:b", "c"), "_tooz_join:3:a:b:c");
    EXPECT_EQ(keys.join("a", "b:c"), "_tooz_join:1:a:b:c");
}

TEST(RedisKeys, OldFormsQuoteLikePython) {
    const Keys old("_tooz", LockKey::old);
    EXPECT_EQ(old.lock("foo"), "b'_tooz'_b'foo'_lock");
    EXPECT_EQ(old.leader_lock("g"), "b'_tooz'_b'leader_of_g'_lock");
    const Keys text("_tooz", LockKey::old_text);
    EXPECT_EQ(text.lock("foo"), "b'_tooz'_foo_lock");
    EXPECT_EQ(text.leader_lock("g"), "b'_tooz'_b'leader_of_g'_lock");
}

// Right-hand sides are what Python 3.11 prints for the bytes on the left.
TEST(RedisKeys, PythonReprOfBytes) {
    EXPECT_EQ(python_repr(""), "b''");
    EXPECT_EQ(python_repr("it's"), "b\"it's\"");
    EXPECT_EQ(python_repr("'\""), "b'\\'\"'");
    EXPECT_EQ(python_repr("a\\b\t\r\n"), "b'a\\\\b\\t\\r\\n'");
    EXPECT_EQ(python_repr(std::string("\0\x7f\xc3\xa9", 4)), "b'\\x00\\x7f\\xc3\\xa9'");
}

TEST(RedisKeys, RefusesLocksThatLieOnOtherKeys) {
    const Keys keys("_tooz", LockKey::current);
    EXPECT_THROW(keys.lock(""), Error);
    EXPECT_THROW(keys.lock("leader_of_g"), Error);
    EXPECT_THROW(keys.lock("group:g"), Error);
    EXPECT_THROW(keys.lock("beats:m"), Error);
    EXPECT_THROW(keys.lock("join:1:g:m"), Error);
    EXPECT_THROW(keys.lock("leader:g"), Error);
}

TEST(RedisKeys, OfOurLayoutNeverMeet) {
    std::set<std::string> all;
    std::size_t expected = 0;
    for (const std::string& space : std::vector<std::string>{"a", "a:lock", "a%3alock", ""}) {
        const Keys keys(space, LockKey::current, Layout::conclave);
        all.insert(keys.all_groups());
        expected += 1;
        for (const std::string& name : std::vector<std::string>{"x", "x:owner", "x:owner:fence",
                                                                "lock:x", ":", "1:x:y", "s"}) {
            all.insert({keys.lock(name), Keys::counter(keys.lock(name)), keys.leader_lock(name),
                        Keys::counter(keys.leader_lock(name)), keys.leader(name), keys.group(name),
                        keys.beat(name), keys.join(name, "m"), keys.join("g", name)});
            expected += 9;
        }
    }
    EXPECT_EQ(all.size(), expected);
    const Keys keys("conclave", LockKey::current, Layout::conclave);
    EXPECT_EQ(keys.lock("close/month"), "conclave:lock:close/month:owner");
    EXPECT_EQ(keys.join("a:b", "c"), "conclave:join:3:a:b:c");
    EXPECT_THROW(keys.lock(""), Error);
}

}  // namespace
}  // namespace conclave::redis
