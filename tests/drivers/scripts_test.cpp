#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <set>

#include "conclave/codec/redis_scripts.hpp"

namespace conclave::redis::scripts {
namespace {

std::string sha1(std::string_view text) {
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const unsigned char byte : digest) (hex += digits[byte >> 4]) += digits[byte & 15];
    return hex;
}

TEST(RedisScripts, CarryTheDigestOfTheirText) {
    for (const Script& script : all) EXPECT_EQ(script.sha1, sha1(script.body)) << script.name;
}

TEST(RedisScripts, HaveDifferentNamesAndDigests) {
    std::set<std::string_view> names;
    std::set<std::string_view> digests;
    for (const Script& script : all) {
        names.insert(script.name);
        digests.insert(script.sha1);
    }
    EXPECT_EQ(names.size(), all.size());
    EXPECT_EQ(digests.size(), all.size());
}

}  // namespace
}  // namespace conclave::redis::scripts
