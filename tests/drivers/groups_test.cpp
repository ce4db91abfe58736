#include "driver_fixture.hpp"

namespace conclave {
namespace {

using namespace std::chrono_literals;
using testing::answer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::Reaction;
using testing::Words;

struct RedisGroupsTest : testing::DriverFixture {
    std::function<Reaction(const Words&)> always(const resp::Reply& reply) {
        return [reply](const Words&) { return answer(reply); };
    }
    Words last(const std::string& script) {
        for (auto run = scripts_run.rbegin(); run != scripts_run.rend(); ++run)
            if (run->front() == script) return *run;
        return {};
    }
    /// Who the driver that has joined was to the server, by what it said at its end.
    std::string process() { return last("release").at(2); }
};

TEST_F(RedisGroupsTest, OutcomesOfScriptsBecomeTheSeedsErrors) {
    with_driver("", [&](Driver& driver, Runtime& runtime) {
        Groups& groups = *driver.groups();
        const Deadline soon = runtime.after(50s);
        on["create_group"] = always(resp::integer(0));
        EXPECT_THROW(groups.create_group("g", soon), GroupAlreadyExist);
        on["delete_group"] = always(resp::integer(-1));
        EXPECT_THROW(groups.delete_group("g", soon), GroupNotCreated);
        on["delete_group"] = always(resp::integer(-3));
        EXPECT_THROW(groups.delete_group("g", soon), GroupNotEmpty);
        on["join_group"] = always(resp::integer(-1));
        EXPECT_THROW(groups.join_group("g", {}, soon), GroupNotCreated);
        on["join_group"] = always(resp::integer(0));
        EXPECT_THROW(groups.join_group("g", {}, soon), MemberAlreadyExist);
        on["GET"] = always(resp::null());
        on["leave_group"] = always(resp::integer(0));
        EXPECT_THROW(groups.leave_group("g", soon), MemberNotJoined);
        on["update_capabilities"] = always(resp::integer(0));
        EXPECT_THROW(groups.update_capabilities("g", 1, soon), MemberNotJoined);
        on["get_members"] = always(resp::integer(-1));
        EXPECT_THROW(groups.get_members("g", soon), GroupNotCreated);
        on["get_capabilities"] = always(resp::integer(-1));
        EXPECT_THROW(groups.get_member_capabilities("g", "m", soon), GroupNotCreated);
        on["get_capabilities"] = always(resp::null());
        EXPECT_THROW(groups.get_member_capabilities("g", "m", soon), MemberNotJoined);
    });
}

TEST_F(RedisGroupsTest, ReadsMembersWithBothSpellingsOfNoCapabilities) {
    on["get_members"] = always(resp::array({
        resp::bulk("new"),
        resp::bulk("\xc0"),  //
        resp::bulk("old"),
        resp::bulk(std::string("\xc4\x00", 2)),  //
        resp::bulk("rich"),
        resp::bulk("\x81\xa4zone\xa1"
                   "a"),
    }));
    with_driver("", [](Driver& driver, Runtime& runtime) {
        driver.groups()->join_group("g", 1, runtime.after(5s));
        EXPECT_THAT(driver.groups()->get_members("g", runtime.after(5s)),
                    ElementsAre("new", "old", "rich"));
        const auto members = driver.groups()->get_members_with_capabilities("g", runtime.after(5s));
        EXPECT_TRUE(members.at("new").is_null());
        EXPECT_TRUE(members.at("old").is_null());
        EXPECT_EQ(members.at("rich"), Value(Map{{"zone", "a"}}));
    });
    EXPECT_EQ(last("get_members"), (Words{"get_members", "_tooz_group:g", "_tooz_beats:",
                                          "_tooz_join:1:g:", "me", process()}));
}

TEST_F(RedisGroupsTest, UnreadableCapabilitiesNameTheirMember) {
    on["get_capabilities"] = always(resp::bulk("\xc1"));
    with_driver("", [](Driver& driver, Runtime& runtime) {
        try {
            driver.groups()->get_member_capabilities("g", "m", runtime.after(5s));
            FAIL() << "expected SerializationError";
        } catch (const SerializationError& error) {
            EXPECT_THAT(error.what(), HasSubstr("capabilities of m in g"));
        }
        EXPECT_THROW(driver.groups()->join_group("g", Map{{1, 2}}, runtime.after(5s)),
                     SerializationError);
        // What many members with as much would make larger than a reply may be.
        const Value large(Blob{std::string((std::size_t{1} << 20) + 1, 'x')});
        EXPECT_THROW(driver.groups()->join_group("g", large, runtime.after(5s)),
                     SerializationError);
    });
}

TEST_F(RedisGroupsTest, ABeatCarriesEveryMembershipWithItsLatestCapabilities) {
    on["beat"] = always(resp::array({resp::integer(0), resp::integer(1)}));
    with_driver("?membership_timeout=5", [](Driver& driver, Runtime& runtime) {
        driver.groups()->join_group("g", 1, runtime.after(5s));
        driver.groups()->join_group("h", 2, runtime.after(5s));
        driver.groups()->update_capabilities("h", 3, runtime.after(5s));
        const Beat beat = driver.heartbeat(runtime.after(5s));
        EXPECT_EQ(beat.timeout, 5s);
        EXPECT_THAT(beat.rejoined, ElementsAre("h"));
        EXPECT_THAT(beat.lost, ElementsAre());
    });
    const auto incarnation = [this](const std::string& group) {
        for (const Words& run : scripts_run)
            if (run.front() == "join_group" && run[1] == "_tooz_group:" + group) return run[7];
        return std::string("none");
    };
    EXPECT_EQ(last("beat"),
              (Words{"beat", "_tooz_beats:me", "_tooz_group:g", "_tooz_join:1:g:me",
                     "_tooz_group:h", "_tooz_join:1:h:me", "5000", "me", "3600000", process(),
                     "\x01", incarnation("g"), "\x03", incarnation("h") + "+0000000000000001"}));
    EXPECT_THAT(incarnation("g"), StartsWith(process()));
    EXPECT_NE(incarnation("g"), incarnation("h"));
    EXPECT_EQ(incarnation("g").substr(32, 16), "0000000000000001") << "a process counts its joins";
    EXPECT_EQ(incarnation("h").substr(32, 16), "0000000000000002");
}

// What somebody may have read by now, no beat takes back; what was not sent, none brings.
TEST_F(RedisGroupsTest, ABeatCarriesWhatAnUpdateOfUnknownOutcomeMayHaveSet) {
    const auto capabilities_of_a_beat = [&](Driver& driver, Runtime& runtime) {
        on["beat"] = always(resp::array({resp::integer(0)}));
        driver.heartbeat(runtime.after(5s));
        return last("beat").at(8);
    };
    with_driver("", [&](Driver& driver, Runtime& runtime) {
        driver.groups()->join_group("g", 1, runtime.after(5s));
        EXPECT_THROW(driver.groups()->update_capabilities("g", 2, runtime.after(0s)), Error);
        EXPECT_EQ(capabilities_of_a_beat(driver, runtime), "\x01");
        on["update_capabilities"] = [](const Words&) { return Reaction{"", true}; };
        EXPECT_THROW(driver.groups()->update_capabilities("g", 3, runtime.after(5s)),
                     ConnectionError);
        EXPECT_EQ(capabilities_of_a_beat(driver, runtime), "\x03");
        on["update_capabilities"] = always(resp::integer(1));
        driver.groups()->update_capabilities("g", 4, runtime.after(5s));
        EXPECT_EQ(last("update_capabilities").at(6), "+0000000000000003");
    });
}

// Another process may have joined under our member id, and counted on.
TEST_F(RedisGroupsTest, AnUpdateFollowsTheOneThatIsStored) {
    on["GET"] = always(resp::bulk("join+00000000000000ff"));
    on["update_capabilities"] = always(resp::integer(1));
    with_driver("", [&](Driver& driver, Runtime& runtime) {
        driver.groups()->update_capabilities("g", 1, runtime.after(5s));
    });
    EXPECT_EQ(last("update_capabilities"),
              (Words{"update_capabilities", "_tooz_group:g", "_tooz_join:1:g:me", "me", "\x01",
                     "join", "+0000000000000100", "3600000"}));
}

TEST_F(RedisGroupsTest, ABeatForgetsADeletedGroupAndOneThatWasLeft) {
    with_driver("", [&](Driver& driver, Runtime& runtime) {
        driver.groups()->join_group("deleted", 1, runtime.after(5s));
        driver.groups()->join_group("left", 2, runtime.after(5s));
        // Whether this reached the server is unknown, yet no beat may undo it.
        on["leave_group"] = [](const Words&) { return Reaction{"", true}; };
        EXPECT_THROW(driver.groups()->leave_group("left", runtime.after(5s)), ConnectionError);
        on["beat"] = always(resp::array({resp::integer(-1)}));
        driver.heartbeat(runtime.after(5s));
        on["beat"] = always(resp::array({}));
        driver.heartbeat(runtime.after(5s));
    });
    EXPECT_EQ(last("beat"), (Words{"beat", "_tooz_beats:me", "30000", "me", "3600000", process()}));
}

TEST_F(RedisGroupsTest, ABeatForgetsAMembershipThatAnotherJoinHasReplaced) {
    on["beat"] = always(resp::array({resp::integer(-2)}));
    with_driver("", [&](Driver& driver, Runtime& runtime) {
        driver.groups()->join_group("g", 1, runtime.after(5s));
        EXPECT_THAT(driver.heartbeat(runtime.after(5s)).lost, ElementsAre("g"));
        on["beat"] = always(resp::array({}));
        driver.heartbeat(runtime.after(5s));
    });
    EXPECT_EQ(last("beat"), (Words{"beat", "_tooz_beats:me", "30000", "me", "3600000", process()}));
}

TEST_F(RedisGroupsTest, LostRepliesOfJoinAndLeaveAreRecognised) {
    const auto lost_then = [](std::int64_t outcome) {
        return [outcome, lost = false](const Words&) mutable {
            if (lost) return answer(resp::integer(outcome));
            lost = true;
            return Reaction{"", true};
        };
    };
    with_driver("", [&](Driver& driver, Runtime& runtime) {
        on["join_group"] = lost_then(2);
        driver.groups()->join_group("g", 1, runtime.after(5s));
        on["leave_group"] = lost_then(2);
        driver.groups()->leave_group("g", runtime.after(5s));
        on["GET"] = always(resp::bulk("-left"));
        on["leave_group"] = always(resp::integer(2));
        EXPECT_THROW(driver.groups()->leave_group("g", runtime.after(5s)), MemberNotJoined);
    });
}

TEST_F(RedisGroupsTest, ALeaveNamesAJoinThatIsStillOnItsWay) {
    with_driver("", [&](Driver& driver, Runtime& runtime) {
        on["join_group"] = [](const Words&) { return Reaction{"", true}; };
        EXPECT_THROW(driver.groups()->join_group("g", 1, runtime.after(1s)), Error);
        on["leave_group"] = always(resp::integer(0));
        EXPECT_THROW(driver.groups()->leave_group("g", runtime.after(5s)), MemberNotJoined);
    });
    EXPECT_EQ(last("leave_group")[4], last("join_group")[7]);
}

// What an attempt of unknown outcome may have left there is replaced, what is known to be there is not.
TEST_F(RedisGroupsTest, AJoinSaysWhetherItsProcessIsAMember) {
    with_driver("", [&](Driver& driver, Runtime& runtime) {
        on["join_group"] = [](const Words&) { return Reaction{"", true}; };
        EXPECT_THROW(driver.groups()->join_group("g", 1, runtime.after(1s)), Error);
        on["join_group"] = always(resp::integer(1));
        driver.groups()->join_group("g", 1, runtime.after(5s));
        EXPECT_EQ(last("join_group").back(), "1");
        on["join_group"] = always(resp::integer(0));
        EXPECT_THROW(driver.groups()->join_group("g", 1, runtime.after(5s)), MemberAlreadyExist);
        EXPECT_EQ(last("join_group").back(), "");
    });
}

TEST_F(RedisGroupsTest, LeavesAnIncarnationThatAnotherProcessJoined) {
    on["GET"] = always(resp::bulk("earlier"));
    with_driver("", [&](Driver& driver, Runtime& runtime) {
        driver.groups()->leave_group("g", runtime.after(5s));
    });
    EXPECT_EQ(last("leave_group"), (Words{"leave_group", "_tooz_group:g", "_tooz_join:1:g:me", "me",
                                          "earlier", "3600000"}));
}

TEST_F(RedisGroupsTest, EveryStartIsAnotherProcess) {
    with_driver("", [](Driver& driver, Runtime& runtime) {
        driver.groups()->join_group("g", 1, runtime.after(5s));
        driver.stop(runtime.after(5s));
        driver.start(runtime.after(5s));
        driver.groups()->join_group("g", 1, runtime.after(5s));
    });
    ASSERT_EQ(scripts_run.size(), 4u);
    EXPECT_EQ(process().size(), 32u);
    EXPECT_NE(scripts_run[1].at(2), scripts_run[3].at(2));
}

TEST_F(RedisGroupsTest, GroupsAreSorted) {
    on["SMEMBERS"] = always(resp::array({resp::bulk("b"), resp::bulk("a")}));
    with_driver("", [](Driver& driver, Runtime& runtime) {
        EXPECT_THAT(driver.groups()->get_groups(runtime.after(5s)), ElementsAre("a", "b"));
    });
}

TEST_F(RedisGroupsTest, StoppingWithdrawsTheBeatAndSwallowsErrors) {
    on["release"] = always(resp::error("NOPERM no permission"));
    with_driver("", [](Driver& driver, Runtime& runtime) {
        driver.groups()->join_group("g", 1, runtime.after(5s));
    });
    EXPECT_EQ(last("release"), (Words{"release", "_tooz_beats:me", process()}));
}

TEST_F(RedisGroupsTest, StoppingWithdrawsNoBeatWhereThereIsNone) {
    with_driver("", [](Driver&, Runtime&) {});
    EXPECT_EQ(last("release"), Words{});
}

TEST_F(RedisGroupsTest, StartingChecksWhatAnswers) {
    const auto starting = [&](const std::string& info) -> std::string {
        on["INFO"] = always(resp::bulk(info));
        try {
            with_driver("", [](Driver&, Runtime&) {});
        } catch (const Error& error) {
            return error.what();
        }
        return "started";
    };
    EXPECT_EQ(starting("redis_version:7.0.15\r\nredis_mode:standalone\r\n"), "started");
    EXPECT_THAT(starting("redis_version:4.0.9\r\n"), HasSubstr("'4.0.9', expected 5.0 or newer"));
    EXPECT_THAT(starting("redis_version:7.0.15\r\nredis_mode:cluster\r\n"), HasSubstr("Cluster"));
    EXPECT_THAT(starting("redis_version:7.0.15\r\nredis_mode:sentinel\r\n"),
                HasSubstr("add sentinel=<master name>"));
}

TEST_F(RedisGroupsTest, ReservedMemberIdsAreRefused) {
    redis.run([](Runtime& runtime) {
        EXPECT_THROW(all_drivers().make(runtime, "redis://redis", ""), BadOption);
        EXPECT_THROW(all_drivers().make(runtime, "redis://redis", "__created__"), BadOption);
    });
}

}  // namespace
}  // namespace conclave
