// The file driver on a disk that fails.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <exception>

#include "conclave/drivers/all_drivers.hpp"
#include "conclave/error.hpp"
#include "conclave/sim/world.hpp"
#include "file/driver/names.hpp"

namespace conclave::file {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class FileDriverTest : public ::testing::Test {
protected:
    void run(const std::string& url, const std::function<void(Driver&, Runtime&)>& body) {
        bool ended = false;
        std::exception_ptr failure;
        world_.add_process(host_, "process", [&](sim::Process& process) {
            Runtime& runtime = process.runtime();
            try {
                const auto driver = all_drivers().make(runtime, url, "me");
                body(*driver, runtime);
                driver->stop(soon(runtime));
            } catch (const std::exception&) {
                failure = std::current_exception();
            }
            ended = true;
        });
        ASSERT_TRUE(world_.run_while([&] { return !ended; }, sim::at_time(10min)));
        if (failure) std::rethrow_exception(failure);
    }
    void with_driver(const std::function<void(Driver&, Runtime&)>& body) {
        run("file:///folder", [&](Driver& driver, Runtime& runtime) {
            driver.start(soon(runtime));
            body(driver, runtime);
        });
    }
    static Deadline soon(Runtime& runtime) { return runtime.after(20s); }

    sim::World world_{{.seed = 1}};
    sim::Host& host_ = world_.add_host("host");
    sim::Disk& disk_ = host_.disk();
};

/// What `call` throws: its text, with the effect before it.
std::string thrown(const std::function<void()>& call) {
    try {
        call();
        return "nothing";
    } catch (const Error& error) {
        return std::string(to_string(error.effect())) + ": " + error.what();
    }
}

TEST_F(FileDriverTest, AFolderThatMayNotBeMadeIsNamed) {
    disk_.deny("/folder");
    run("file:///folder/below", [](Driver& driver, Runtime& runtime) {
        try {
            driver.start(soon(runtime));
            ADD_FAILURE() << "started";
        } catch (const AccessDenied& error) {
            EXPECT_THAT(error.what(), HasSubstr("/folder/below"));
            EXPECT_THAT(error.what(), HasSubstr("permission denied"));
        }
    });
}

TEST_F(FileDriverTest, AFullDiskGrantsNoLockAndKeepsTheCounter) {
    with_driver([this](Driver& driver, Runtime& runtime) {
        Locks& locks = *driver.locks();
        const auto first = locks.try_acquire("lock", locks.new_owner(), soon(runtime));
        locks.release(*first, soon(runtime));
        disk_.set_capacity(0);
        const std::string text =
            thrown([&] { locks.try_acquire("lock", locks.new_owner(), soon(runtime)); });
        EXPECT_THAT(text, HasSubstr("no space left"));
        EXPECT_THAT(text, ::testing::StartsWith("none: "));
        disk_.set_capacity(UINT64_MAX);
        const auto second = locks.try_acquire("lock", locks.new_owner(), soon(runtime));
        ASSERT_TRUE(second) << "the failed attempt must not keep the lock";
        EXPECT_EQ(second->token, first->token + 1);
    });
}

TEST_F(FileDriverTest, AFullDiskFailsAJoinAndTheBeatGoesOn) {
    with_driver([this](Driver& driver, Runtime& runtime) {
        Groups& groups = *driver.groups();
        groups.create_group("one", soon(runtime));
        groups.create_group("two", soon(runtime));
        groups.join_group("one", Value(), soon(runtime));
        disk_.set_capacity(0);
        EXPECT_THAT(thrown([&] { groups.join_group("two", Value(), soon(runtime)); }),
                    HasSubstr("no space left"));
        EXPECT_THAT(driver.heartbeat(soon(runtime)).lost, ::testing::IsEmpty());
        EXPECT_EQ(groups.get_members("one", soon(runtime)).size(), 1u);
        EXPECT_EQ(groups.get_members("two", soon(runtime)).size(), 0u);
    });
}

TEST_F(FileDriverTest, AGroupThatCannotBeReadIsAnErrorNamingIt) {
    with_driver([this](Driver& driver, Runtime& runtime) {
        Groups& groups = *driver.groups();
        groups.create_group("group", soon(runtime));
        disk_.deny("/folder/groups");
        EXPECT_THAT(thrown([&] { groups.get_members("group", soon(runtime)); }),
                    HasSubstr("/folder/groups/"));
        EXPECT_THAT(thrown([&] { groups.get_groups(soon(runtime)); }),
                    HasSubstr("permission denied"));
        disk_.deny("");
    });
}

TEST_F(FileDriverTest, WaitsForTheDriverLockUntilItsDeadline) {
    with_driver([](Driver& driver, Runtime& runtime) {
        FileLocked held = runtime.files.try_lock("/folder/.driver_lock", LockSharing::exclusive,
                                                 soon(runtime));
        const std::string text = thrown(
            [&] { driver.groups()->create_group("group", runtime.after(1s)); });
        EXPECT_THAT(text, ::testing::StartsWith("none: "));
        EXPECT_THAT(text, HasSubstr(".driver_lock"));
        held.lock.reset();
        driver.groups()->create_group("group", runtime.after(1s));
    });
}

TEST_F(FileDriverTest, RemovesWhatADeadWriterLeftLongAgo) {
    disk_.put("/folder/tmp/conclave-old-0", "x", {});
    host_.step_wall_clock(2h);
    disk_.put("/folder/tmp/conclave-new-0", "x", {Duration(2h).count()});
    disk_.put("/folder/tmp/of-somebody-else", "x", {});
    with_driver([](Driver&, Runtime& runtime) {
        EXPECT_THAT(runtime.files.list("/folder/tmp", soon(runtime)).names,
                    ::testing::ElementsAre("conclave-new-0", "of-somebody-else"));
    });
}

TEST_F(FileDriverTest, CapabilitiesThatAreTooLargeAreRefusedWithoutEffect) {
    with_driver([](Driver& driver, Runtime& runtime) {
        Groups& groups = *driver.groups();
        const Value large(Blob{std::string(std::size_t{1} << 20, 'x')});
        groups.create_group("group", soon(runtime));
        const auto join = [&] { groups.join_group("group", large, soon(runtime)); };
        EXPECT_THAT(thrown(join), ::testing::StartsWith("none: capabilities cannot be written: "));
        EXPECT_THAT(thrown(join), HasSubstr("expected at most 1048576"));
        groups.join_group("group", 1, soon(runtime));
        EXPECT_THROW(groups.update_capabilities("group", large, soon(runtime)),
                     SerializationError);
        EXPECT_EQ(groups.get_member_capabilities("group", "me", soon(runtime)), Value(1));
    });
}

TEST_F(FileDriverTest, AFileThatIsTooLargeConcernsItsMemberOnly) {
    with_driver([this](Driver& driver, Runtime& runtime) {
        Groups& groups = *driver.groups();
        groups.create_group("group", soon(runtime));
        const auto other = all_drivers().make(runtime, "file:///folder", "other");
        other->start(soon(runtime));
        other->groups()->join_group("group", 2, soon(runtime));
        disk_.put(Names("/folder").member("group", "other"), std::string(file_bytes_max + 1, 'x'),
                  {runtime.wall_clock.now().nanoseconds});
        groups.join_group("group", 1, soon(runtime));
        EXPECT_THAT(groups.get_members("group", soon(runtime)), ::testing::ElementsAre("me"));
        EXPECT_THAT(thrown([&] {
                        groups.get_member_capabilities("group", "other", soon(runtime));
                    }),
                    HasSubstr("too large"));
        driver.heartbeat(soon(runtime));
        // Its own process writes it anew.
        other->heartbeat(soon(runtime));
        EXPECT_THAT(groups.get_members("group", soon(runtime)), ::testing::ElementsAre("me", "other"));
        other->stop(soon(runtime));
    });
}

TEST_F(FileDriverTest, ClaimsFollowFromTheConfiguration) {
    using enum Feature;
    Claims local;
    run("file:///folder", [&](Driver& driver, Runtime&) { local = driver.claims(); });
    EXPECT_EQ(local.features,
              (std::set<Feature>{exclusive_by_belief, fencing, membership_accuracy}));
    EXPECT_FALSE(local.characteristics.contains(Characteristic::non_timeout_based));
    EXPECT_FALSE(local.characteristics.contains(Characteristic::distributed_across_hosts));
}

TEST_F(FileDriverTest, AShareClaimsNothingOfLocks) {
    run("file:///folder?shared=true", [](Driver& driver, Runtime&) {
        EXPECT_TRUE(driver.claims().features.empty());
        EXPECT_FALSE(driver.claims().characteristics.contains(
            Characteristic::distributed_across_hosts));
    });
}

TEST_F(FileDriverTest, PeersWithoutTokensLeaveNoFence) {
    run("file:///folder?peers=mixed", [](Driver& driver, Runtime&) {
        EXPECT_FALSE(driver.claims().features.contains(Feature::fencing));
        EXPECT_TRUE(driver.claims().features.contains(Feature::exclusive_by_belief));
    });
}

}  // namespace
}  // namespace conclave::file
