// Errors: every leaf has its own code, its effect, and carries a cause.

#include "conclave/error.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <stdexcept>
#include <string>

#include "conclave/assert.hpp"

namespace conclave {
namespace {

template <class Leaf>
Leaf make_leaf() {
    if constexpr (std::is_same_v<WatchCallbackNotFound, Leaf>)
        return Leaf("g", 7);
    else if constexpr (std::is_base_of_v<MemberError, Leaf>)
        return Leaf("g", "m");
    else if constexpr (std::is_base_of_v<GroupError, Leaf>)
        return Leaf("g");
    else
        return Leaf("what happened");
}

template <class Leaf>
class EveryLeaf : public ::testing::Test {};

using Leaves =
    ::testing::Types<Error, DriverChosenPoorly, ConnectionError, OperationTimedOut,
                     LockAcquireFailed, WatchCallbackNotFound, SerializationError, NotImplemented,
                     BadOption, AccessDenied, Cancelled, GroupNotCreated, GroupAlreadyExist, GroupNotEmpty,
                     MemberAlreadyExist, MemberNotJoined>;
TYPED_TEST_SUITE(EveryLeaf, Leaves);

// std::throw_with_nested silently drops the cause when the class is final.
TYPED_TEST(EveryLeaf, CarriesItsCause) {
    std::string cause;
    try {
        try {
            throw std::runtime_error("the cause");
        } catch (const std::runtime_error&) {
            std::throw_with_nested(make_leaf<TypeParam>());
        }
    } catch (const TypeParam& error) {
        try {
            std::rethrow_if_nested(error);
        } catch (const std::runtime_error& nested) {
            cause = nested.what();
        }
    }
    EXPECT_EQ(cause, "the cause");
}

TYPED_TEST(EveryLeaf, IsCaughtAsErrorAndAsSystemError) {
    EXPECT_THROW(throw make_leaf<TypeParam>(), Error);
    EXPECT_THROW(throw make_leaf<TypeParam>(), std::system_error);
}

TYPED_TEST(EveryLeaf, HadNoEffectUnlessSaidOtherwise) {
    EXPECT_EQ(make_leaf<TypeParam>().effect(), Effect::none);
}

TYPED_TEST(EveryLeaf, HasACodeWithAMessage) {
    const TypeParam error = make_leaf<TypeParam>();
    EXPECT_EQ(error.code().category(), error_category());
    EXPECT_EQ(error.code().message().find("unknown conclave error"), std::string::npos);
    EXPECT_EQ(error.code(), error.error_code());
}

TEST(Errors, SayWhenTheEffectIsUnknown) {
    const ConnectionError error("reset after the request was sent", Effect::unknown);
    EXPECT_EQ(error.effect(), Effect::unknown);
    EXPECT_EQ(to_string(error.effect()), "unknown");
    EXPECT_STREQ(error.what(), "reset after the request was sent");
}

TEST(Errors, NameGroupAndMemberInTheSeedsWords) {
    EXPECT_STREQ(WatchCallbackNotFound("g", 7).what(), "Callback 7 is not registered on group g");
    EXPECT_EQ(WatchCallbackNotFound("g", 7).group_id(), "g");
    EXPECT_EQ(WatchCallbackNotFound("g", 7).watch(), 7u);
    EXPECT_STREQ(GroupNotCreated("g").what(), "Group g does not exist");
    EXPECT_STREQ(GroupAlreadyExist("g").what(), "Group g already exists");
    EXPECT_STREQ(GroupNotEmpty("g").what(), "Group g is not empty");
    EXPECT_STREQ(MemberAlreadyExist("g", "m").what(), "Member m has already joined g");
    EXPECT_STREQ(MemberNotJoined("g", "m").what(), "Member m has not joined g");
    EXPECT_EQ(MemberNotJoined("g", "m").group_id(), "g");
    EXPECT_EQ(MemberNotJoined("g", "m").member_id(), "m");
}

TEST(Errors, ComparesCodesByErrorCode) {
    const std::error_code code = ErrorCode::group_not_empty;
    EXPECT_EQ(code, make_error_code(ErrorCode::group_not_empty));
    EXPECT_NE(code, make_error_code(ErrorCode::group_not_created));
    EXPECT_STREQ(code.category().name(), "conclave");
}

TEST(AssertDeathTest, PrintsPlaceExpressionAndValues) {
    const int found = 3;
    EXPECT_DEATH(CONCLAVE_ASSERT(found == 4, found, "lease"),
                 "error_test.cpp:[0-9]+: assertion failed: found == 4 \\[3\\] \\[lease\\]");
}

TEST(Assert, LetsATrueConditionPass) { CONCLAVE_ASSERT(1 + 1 == 2, "arithmetic"); }

}  // namespace
}  // namespace conclave
