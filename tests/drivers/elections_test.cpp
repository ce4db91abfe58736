#include "driver_fixture.hpp"

namespace conclave {
namespace {

using namespace std::chrono_literals;
using testing::answer;
using testing::Words;

using RedisElectionsTest = testing::DriverFixture;

TEST_F(RedisElectionsTest, LeadingLeavesTheMemberIdBesideTheLock) {
    with_driver("", [](Driver& driver, Runtime& runtime) {
        std::optional<Lease> lead = driver.elections()->try_lead("g", "owner", runtime.after(5s));
        ASSERT_TRUE(lead);
        EXPECT_TRUE(driver.elections()->renew(*lead, runtime.after(5s)));
        EXPECT_TRUE(driver.elections()->resign(*lead, runtime.after(5s)));
    });
    const std::string lock = "_tooz_leader_of_g_lock";
    EXPECT_EQ(scripts_run[0],
              (Words{"acquire", lock, lock + ":fence", "_tooz_leader:g", "owner", "30000", "me"}));
    EXPECT_EQ(scripts_run[1], (Words{"renew", lock, "_tooz_leader:g", "owner", "30000", "me"}));
    EXPECT_EQ(scripts_run[2], (Words{"release", lock, "_tooz_leader:g", "owner"}));
}

TEST_F(RedisElectionsTest, WithoutALockNobodyLeads) {
    on["MGET"] = [](const Words&) { return answer(resp::array({resp::null(), resp::null()})); };
    with_driver("", [](Driver& driver, Runtime& runtime) {
        EXPECT_EQ(driver.elections()->get_leader("g", runtime.after(5s)).known,
                  Leader::Known::nobody);
    });
}

TEST_F(RedisElectionsTest, TheSideKeyNamesTheLeaderWhoseLockItIs) {
    on["MGET"] = [](const Words&) {
        return answer(resp::array({resp::bulk("0123"), resp::bulk("0123 worker 7")}));
    };
    with_driver("", [](Driver& driver, Runtime& runtime) {
        const Leader leader = driver.elections()->get_leader("g", runtime.after(5s));
        EXPECT_EQ(leader.known, Leader::Known::member);
        EXPECT_EQ(leader.member_id, "worker 7");
    });
}

TEST_F(RedisElectionsTest, ALeaderWithoutASideKeyOfItsOwnIsForeign) {
    for (const resp::Reply& side : {resp::null(), resp::bulk("4567 me")}) {
        on["MGET"] = [side](const Words&) {
            return answer(resp::array({resp::bulk("0123"), side}));
        };
        with_driver("", [](Driver& driver, Runtime& runtime) {
            EXPECT_EQ(driver.elections()->get_leader("g", runtime.after(5s)).known,
                      Leader::Known::foreign);
        });
    }
}

}  // namespace
}  // namespace conclave
