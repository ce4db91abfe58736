// `conclave elect`, `join`, `members`, `watch` and `ring GROUP`.

#include <signal.h>

#include <nlohmann/json.hpp>

#include "conclave/hash_ring.hpp"
#include "verb_fixture.hpp"

namespace conclave {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

class GroupVerbs : public VerbTest {};
INSTANTIATE_TEST_SUITE_P(Backends, GroupVerbs, testing::Values("redis", "file"),
                         [](const auto& test) { return test.param; });
class RedisGroupVerbs : public RedisVerbTest {};
INSTANTIATE_TEST_SUITE_P(Redis, RedisGroupVerbs, testing::Values("redis"));

TEST_P(GroupVerbs, ElectRunsTheCommandWhileItLeads) {
    const VerbEnded ran =
        run({"elect", "G", "--", "sh", "-c", "echo \"$CONCLAVE_LOCK $CONCLAVE_TOKEN\"; exit 3"});
    EXPECT_EQ(ran.code, 3);
    EXPECT_EQ(ran.text, "G 1\n");
    const Running leads = start({"elect", "G"}, "exec sleep 600");
    EXPECT_EQ(run({"elect", "G", "--no-wait", "--", "true"}).code, 75);
    leads.verb->process().kill();
    Client other = client();
    const std::optional<Leadership> next = other.election("G").campaign_for(30s);
    EXPECT_TRUE(is_gone(leads.group));
    EXPECT_TRUE(next);
}

TEST_P(GroupVerbs, ElectObserveTellsEachLeader) {
    Verb observing({"elect", "G", "--observe", "--json", "--url", url()});
    observing.wait_for("\"nobody\"");
    Client other = connect(url(), {.member_id = "somebody"});
    std::optional<Leadership> leads = other.election("G").campaign_for(5s);
    observing.wait_for("{\"state\":\"leader\",\"member\":\"somebody\"}");
    leads->resign();
    poll_until("nobody leads again", [&] {
        const std::string text = observing.text();
        return text.find("nobody", text.find("somebody")) != std::string::npos;
    });
    observing.process().signal(SIGINT);
    EXPECT_EQ(observing.wait(), 128 + SIGINT);
    EXPECT_EQ(run({"elect", "G", "--observe", "--", "true"}).code, 64);
    EXPECT_EQ(run({"elect", "G"}).code, 64);
}

TEST_P(RedisGroupVerbs, AStoppedToolLosesTheLeadershipAfterItsCommand) {
    const Running leads = start({"elect", "G", "--ttl", "2s"}, "trap '' TERM; sleep 600");
    leads.verb->process().signal(SIGSTOP);
    Client other = client();
    const std::optional<Leadership> next = other.election("G").campaign_for(30s);
    EXPECT_TRUE(is_gone(leads.group));
    EXPECT_TRUE(next);
    leads.verb->process().signal(SIGCONT);
    EXPECT_EQ(leads.verb->wait(), 79);
}

TEST_P(GroupVerbs, JoinIsAMemberWhileItsCommandRuns) {
    const Running joined = start({"join", "G", "--capabilities", R"({"weight":2,"zone":"a"})"},
                                 "echo \"$CONCLAVE_GROUP $CONCLAVE_MEMBER\"; trap 'exit 6' TERM; "
                                 "while :; do sleep 0.01; done");
    joined.verb->wait_for("G ");
    const std::string member = joined.verb->text().substr(2, joined.verb->text().size() - 3);
    EXPECT_EQ(run({"members", "G"}).text, member + "\n");
    const json told = json::parse(run({"members", "G", "--json"}).text);
    EXPECT_EQ(told["group"], "G");
    EXPECT_EQ(told["members"][0]["member"], member);
    EXPECT_EQ(told["members"][0]["capabilities"], (json{{"weight", 2}, {"zone", "a"}}));
    joined.verb->process().signal(SIGTERM);
    EXPECT_EQ(joined.verb->wait(), 6);
    EXPECT_EQ(run({"members", "G"}).text, "");
}

TEST_P(RedisGroupVerbs, AMembershipThatLapsesEndsTheCommand) {
    const std::string url = this->url() + "?membership_timeout=2";
    const std::string pid_file = folder_.file("pid");
    Verb joined({"join", "G", "--url", url, "--", "sh", "-c",
                 "echo $$ >" + pid_file + ".new; mv " + pid_file + ".new " + pid_file +
                     "; trap '' TERM; sleep 600"});
    poll_until("it runs", [&] { return !live::read_file(pid_file).empty(); });
    const pid_t group = std::stoi(live::read_file(pid_file));
    joined.process().signal(SIGSTOP);
    Client other = client();
    poll_until("others see it gone", [&] { return other.group("G").members().empty(); });
    EXPECT_TRUE(is_gone(group));
    joined.process().signal(SIGCONT);
    EXPECT_EQ(joined.wait(), 79);
}

TEST_P(GroupVerbs, JoinRefusesWhatIsNoJson) {
    const VerbEnded ran = run({"join", "G", "--capabilities", "{weight", "--", "true"});
    EXPECT_EQ(ran.code, 64);
    EXPECT_THAT(ran.text, HasSubstr("--capabilities '{weight': expected JSON"));
}

TEST_P(GroupVerbs, MembersOfNoGroupIsAnError) {
    const VerbEnded ran = run({"members", "G"});
    EXPECT_EQ(ran.code, 78);
    EXPECT_THAT(ran.text, HasSubstr("Group G does not exist"));
}

TEST_P(GroupVerbs, WatchTellsWhoComesAndGoes) {
    Client first = connect(url(), {.member_id = "first"});
    Client second = connect(url(), {.member_id = "second"});
    const Membership stays = first.group("G").join();
    const std::vector<std::vector<std::string>> forms = {{"members", "G", "--watch"},
                                                         {"watch", "group", "G"}};
    for (std::vector<std::string> form : forms) {
        form.insert(form.end(), {"--url", url()});
        Verb watching(form);
        watching.wait_for("snapshot members=[\"first\"]\n");
        Membership comes = second.group("G").join();
        watching.wait_for("joined member=second\n");
        comes.leave();
        watching.wait_for("left member=second\n");
        watching.process().signal(SIGTERM);
        EXPECT_EQ(watching.wait(), 128 + SIGTERM);
    }
    EXPECT_EQ(run({"watch", "weather", "G"}).code, 64);
}

TEST_P(GroupVerbs, RingPlacesKeysOnTheMembersOfAGroup) {
    Client first = connect(url(), {.member_id = "first"});
    Client second = connect(url(), {.member_id = "second"});
    const Membership one = first.group("G").join(Map{{"weight", 3}});
    const Membership two = second.group("G").join();
    const HashRing ring({{"first", 3}, {"second", 1}});
    const VerbEnded ran = run({"ring", "G", "order-17", "order 18"});
    EXPECT_EQ(ran.code, 0);
    EXPECT_EQ(ran.text, "order-17 " + ring["order-17"][0] + "\norder 18 " + ring["order 18"][0] +
                            "\nfingerprint " + ring.fingerprint() + "\n");
    const json told = json::parse(run({"ring", "G", "order-17", "--json"}).text);
    EXPECT_EQ(told["nodes"], (json{{"first", 3}, {"second", 1}}));
    EXPECT_EQ(run({"ring", "other", "order-17"}).code, 78);
    EXPECT_EQ(run_verb({"ring", "G", "order-17"}).code, 64);
}

}  // namespace
}  // namespace conclave
