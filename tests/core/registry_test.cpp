#include "conclave/registry.hpp"

#include <gtest/gtest.h>

#include <string>

#include "conclave/error.hpp"
#include "test_environment.hpp"

namespace conclave {
namespace {

/// What the factory of scheme `fake` was called with.
struct Call {
    Url url;
    std::string member_id;
    Options options;
};

class Registry : public ::testing::Test {
protected:
    Registry() {
        for (const char* scheme : {"redis", "fake"})
            registry.add(scheme, [this](Runtime&, const Url& url, const std::string& member_id,
                                        const Options& options) {
                calls.push_back({url, member_id, options});
                return std::unique_ptr<Driver>();
            });
    }
    testing::ManualScheduler scheduler;
    testing::TestEnvironment environment{scheduler};
    DriverRegistry registry;
    std::vector<Call> calls;
};

TEST_F(Registry, CallsTheFactoryOfTheSchemeWithMergedOptions) {
    registry.make(environment.runtime, "fake://h:7?a=url&b=url", "me", {{"a", "code"}});
    ASSERT_EQ(calls.size(), 1u);
    EXPECT_EQ(calls[0].url.host, "h");
    EXPECT_EQ(calls[0].member_id, "me");
    EXPECT_EQ(calls[0].options, (Options{{"a", "code"}, {"b", "url"}}));
}

TEST_F(Registry, ListsItsSchemesSorted) {
    EXPECT_EQ(registry.schemes(), (std::vector<std::string>{"fake", "redis"}));
}

TEST_F(Registry, NamesAnUnknownSchemeAndTheKnownOnes) {
    try {
        registry.make(environment.runtime, "mongo://user:secret@h", "me");
        FAIL() << "accepted";
    } catch (const BadOption& error) {
        EXPECT_STREQ(error.what(),
                     "unknown scheme 'mongo' in 'mongo://***@h', expected one of: fake, redis");
    }
}

TEST_F(Registry, RefusesAMalformedUrl) {
    EXPECT_THROW(registry.make(environment.runtime, "fake//h", "me"), BadOption);
    EXPECT_TRUE(calls.empty());
}

}  // namespace
}  // namespace conclave
