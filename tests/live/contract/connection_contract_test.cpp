// How a driver of any kind meets its server: options, passwords, databases, failover.

#include "suite.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST_P(ConnectionContract, StartsStopsAndStartsAgain) {
    in_place([](Session& session) {
        Driver& driver = session.connect("one");
        EXPECT_GT(driver.heartbeat(session.soon()).timeout, Duration::zero());
        driver.stop(session.soon());
        driver.start(session.soon());
        Locks& locks = *driver.locks();
        EXPECT_TRUE(locks.try_acquire("lock", locks.new_owner(), session.soon()));
    });
}

TEST_P(ServerContract, DatabasesAreApart) {
    in_place([](Session& session) {
        Locks& first = *session.connect("one").locks();
        Locks& second = *session.connect("two", {{"db", "1"}}).locks();
        EXPECT_TRUE(first.try_acquire("lock", first.new_owner(), session.soon()));
        EXPECT_TRUE(second.try_acquire("lock", second.new_owner(), session.soon()));
        EXPECT_FALSE(second.try_acquire("lock", second.new_owner(), session.soon()));
    });
}

TEST_P(ServerContract, NamespacesAreApart) {
    in_place([](Session& session) {
        Groups& first = *session.connect("one").groups();
        Groups& second = *session.connect("two", {{"namespace", "other"}}).groups();
        first.create_group("group", session.soon());
        second.create_group("group", session.soon());
        EXPECT_THROW(second.create_group("group", session.soon()), GroupAlreadyExist);
    });
}

TEST_P(ConnectionContract, ADeadlineInThePastHasNoEffect) {
    in_place([](Session& session) {
        Locks& locks = *session.connect("one").locks();
        const Deadline past(session.runtime().clock.now());
        EXPECT_THROW(locks.try_acquire("lock", locks.new_owner(), past), OperationTimedOut);
        EXPECT_TRUE(locks.try_acquire("lock", locks.new_owner(), session.soon()));
    });
}

class PasswordContract : public DriverContract {
protected:
    void with_user(const std::string& user_info, const std::function<void(Session&)>& body) {
        place_ = GetParam().make({.password = "secret"});
        place_->run(place_->url(user_info), body);
    }
};

TEST_P(PasswordContract, TheRightOneOpens) {
    with_user(":secret@", [](Session& session) {
        Locks& locks = *session.connect("one").locks();
        EXPECT_TRUE(locks.try_acquire("lock", locks.new_owner(), session.soon()));
    });
}

TEST_P(PasswordContract, AWrongOrMissingOneIsAnErrorThatSaysSo) {
    for (const std::string user_info : {":wrong@", ""})
        with_user(user_info, [](Session& session) {
            Driver& driver = session.make("one");
            try {
                driver.start(session.runtime().after(5s));
                ADD_FAILURE() << "started at " << session.url();
            } catch (const Error& error) {
                EXPECT_EQ(error.effect(), Effect::none);
                EXPECT_THAT(error.what(),
                            testing::AnyOf(HasSubstr("WRONGPASS"), HasSubstr("NOAUTH")));
                EXPECT_THAT(error.what(), testing::Not(HasSubstr("wrong@")));
            }
        });
}

class FailoverContract : public DriverContract {};

TEST_P(FailoverContract, IsFollowed) {
    in_place([this](Session& session) {
        Driver& driver = session.connect("one", {{"timeout", "5"}});
        Locks& locks = *driver.locks();
        ASSERT_TRUE(locks.try_acquire("before", locks.new_owner(), session.soon()));
        place_->kill_master();
        const std::string owner = locks.new_owner();
        EXPECT_TRUE(session.eventually(
            [&] {
                try {
                    const Deadline brief = session.runtime().after(1s);
                    return locks.try_acquire("after", owner, brief).has_value();
                } catch (const Error&) {
                    return false;  // no master yet
                }
            },
            60s));
    });
}

using enum PlaceKind::Backend;
const auto everywhere = testing::ValuesIn(place_kinds());
const auto servers = testing::ValuesIn(place_kinds({server, replicated}));

INSTANTIATE_TEST_SUITE_P(Any, LockContract, everywhere, name_of_place);
INSTANTIATE_TEST_SUITE_P(Any, GroupContract, everywhere, name_of_place);
INSTANTIATE_TEST_SUITE_P(Any, ElectionContract, everywhere, name_of_place);
INSTANTIATE_TEST_SUITE_P(Any, ConnectionContract, everywhere, name_of_place);
INSTANTIATE_TEST_SUITE_P(Redis, LeaseContract, servers, name_of_place);
INSTANTIATE_TEST_SUITE_P(Redis, ServerContract, servers, name_of_place);
INSTANTIATE_TEST_SUITE_P(Redis, PasswordContract, testing::ValuesIn(place_kinds({server})), name_of_place);
INSTANTIATE_TEST_SUITE_P(Redis, FailoverContract, testing::ValuesIn(place_kinds({replicated})),
                         name_of_place);
INSTANTIATE_TEST_SUITE_P(File, SharedLockContract, testing::ValuesIn(place_kinds({folder})),
                         name_of_place);
INSTANTIATE_TEST_SUITE_P(File, FolderContract, testing::ValuesIn(place_kinds({folder})), name_of_place);

}  // namespace
}  // namespace conclave::contract
