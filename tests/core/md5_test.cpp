#include "ring/md5.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdio>
#include <string>
#include <utility>

namespace conclave::detail {
namespace {

std::string hex(const Md5Digest& digest) {
    std::string text;
    for (const std::uint8_t byte : digest) {
        char digits[3];
        std::snprintf(digits, sizeof digits, "%02x", byte);
        text += digits;
    }
    return text;
}

// RFC 1321, appendix A.5.
TEST(Md5, GivesTheDigestsOfItsDefinition) {
    const std::pair<std::string, std::string> vectors[] = {
        {"", "d41d8cd98f00b204e9800998ecf8427e"},
        {"a", "0cc175b9c0f1b6a831c399e269772661"},
        {"abc", "900150983cd24fb0d6963f7d28e17f72"},
        {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
        {"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
         "d174ab98d277d9f5a5611c2c9f419d9f"},
        {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
         "57edf4a22be3c955ac49da2e2107b67a"}};
    for (const auto& [text, digest] : vectors) EXPECT_EQ(hex(md5(text)), digest) << text;
}

// One digest over the digests of 0, 1, ... 300 bytes: every way to fill the last block. The
// expected value is hashlib's.
TEST(Md5, PadsEveryLength) {
    Md5 all;
    for (std::size_t length = 0; length <= 300; ++length)
        all.update(hex(md5(std::string(length, 'x'))));
    EXPECT_EQ(hex(all.digest()), "5adc2f9c3d473e202a8437aa431f0960");
}

RC_GTEST_PROP(Md5, DoesNotCareHowItsInputIsCut, (const std::vector<std::string>& pieces)) {
    Md5 hash;
    std::string whole;
    for (const std::string& piece : pieces) {
        hash.update(piece);
        whole += piece;
        RC_ASSERT(hash.digest() == md5(whole));
    }
}

}  // namespace
}  // namespace conclave::detail
