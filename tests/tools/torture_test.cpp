// `conclave torture` with real clients of real servers. How often something happens depends on the
// machine: what is checked is that claims hold, that enough happened to tell, and how it ends.

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "live/fixture/replicated_redis.hpp"
#include "verb_fixture.hpp"

namespace conclave {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using Words = std::vector<std::string>;

class Torture : public testing::Test {
protected:
    struct Tortured {
        int code = -1;
        std::string text;
        json report;

        json property(const std::string& name) const {
            for (const json& each : report["properties"])
                if (each["property"] == name) return each;
            return {};
        }
    };

    Words command(const std::string& url, const Words& options) const {
        Words words = {"torture", "--url",      url,         "--ttl",        "1s",
                       "--json",  file("json"), "--history", file("history")};
        words.insert(words.end(), options.begin(), options.end());
        return words;
    }

    Tortured torture(const std::string& url, const Words& options) const {
        return finished(run_verb(command(url, options)));
    }

    Tortured finished(const VerbEnded& ended) const {
        const std::string report = live::read_file(file("json"));
        return {ended.code, ended.text, report.empty() ? json() : json::parse(report)};
    }

    void expect_claims_to_hold(const Tortured& run) const {
        EXPECT_EQ(run.code, 0) << run.text;
        EXPECT_GE(run.report["faults_injected"], 3) << run.text;
        EXPECT_GE(run.report["concurrent"], 5) << run.text;
        for (const json& each : run.report["properties"]) {
            const bool claimed = each["claimed"];
            EXPECT_EQ(each["verdict"], claimed ? "held" : each["verdict"].get<std::string>())
                << each;
        }
    }

    std::string file(const std::string& name) const { return folder_.file(name); }

    TempFolder folder_;
};

class TortureWorkload : public Torture, public testing::WithParamInterface<std::string> {};

TEST_P(TortureWorkload, LeavesTheClaimsOfARedisServerStanding) {
    const live::RedisServer server;
    const Tortured run = torture("redis://127.0.0.1:" + std::to_string(server.port()),
                                 {"--for", "7s", "--seed", "11", "--workload", GetParam(),
                                  "--server-pid", std::to_string(server.pid())});
    expect_claims_to_hold(run);
    EXPECT_TRUE(run.property("linearizable")["claimed"]) << run.text;
    const std::string model = GetParam() == "lock" ? "lease" : GetParam();
    const VerbEnded again = run_verb({"check", file("history"), "--model", model});
    EXPECT_EQ(again.code, 0) << again.text;
    EXPECT_THAT(again.text, HasSubstr("held linearizable"));
    if (model == "leader")
        EXPECT_THAT(live::read_file(file("history")), HasSubstr("\"op\":\"read\",\"process\""));
}

TEST_P(TortureWorkload, LeavesTheClaimsOfAFolderStanding) {
    const Tortured run = torture("file://" + file("coordination"),
                                 {"--for", "6s", "--seed", "12", "--workload", GetParam()});
    expect_claims_to_hold(run);
}

INSTANTIATE_TEST_SUITE_P(Workloads, TortureWorkload, testing::Values("lock", "leader", "group"),
                         [](const auto& info) { return info.param; });

std::string url_of(const live::ReplicatedRedis& redis) {
    const std::vector<int>& ports = redis.sentinel_ports();
    std::string url = "redis://127.0.0.1:" + std::to_string(ports[0]) +
                      "?sentinel=" + live::ReplicatedRedis::master_name;
    for (std::size_t i = 1; i < ports.size(); ++i)
        url += "&sentinel_fallback=127.0.0.1:" + std::to_string(ports[i]);
    return url;
}

// What is found behind Sentinel is evidence, since nothing of it is claimed.
TEST_F(Torture, OfAMasterThatDiesBehindSentinelIsEvidence) {
    live::ReplicatedRedis redis;
    Verb verb(command(url_of(redis), {"--for", "8s", "--seed", "13"}));
    verb.wait_for("torture of");
    const int old_master = redis.master_port();
    redis.kill_master();
    redis.wait_for_failover(old_master);
    const int code = verb.wait();
    const Tortured run = finished({code, verb.text()});
    EXPECT_EQ(run.code, 0) << run.text;
    for (const char* const property : {"exclusion", "fencing", "linearizable"})
        EXPECT_EQ(run.property(property)["claimed"], false) << run.text;
    EXPECT_GT(run.property("exclusion")["cases"], 0) << run.text;
}

/// A redis-server that was not started by this process, as an operator's is not.
class RestartedRedis {
public:
    explicit RestartedRedis(const std::string& persistence) : port_(live::free_port()) {
        live::write_file(folder_.file("redis.conf"),
                         "bind 127.0.0.1\nport " + std::to_string(port_) + "\nsave \"\"\n" +
                             persistence + "\ndir " + folder_.path() + "\n");
        live::run_program({"sh", "-c", restart()}, folder_.path());
        live::poll_until("redis-server answers",
                         [this] { return live::ask(port_, {"PING"}).has_value(); });
    }
    ~RestartedRedis() {
        for (const pid_t pid : pids()) ::kill(pid, SIGKILL);
    }

    std::string restart() const {
        return "redis-server '" + folder_.file("redis.conf") +
               "' >/dev/null 2>&1 & echo $! | tee -a '" + folder_.file("pids") + "'";
    }
    std::vector<pid_t> pids() const {
        std::istringstream in(live::read_file(folder_.file("pids")));
        return {std::istream_iterator<pid_t>(in), {}};
    }
    std::string url() const { return "redis://127.0.0.1:" + std::to_string(port_); }

private:
    TempFolder folder_;
    int port_;
};

TEST_F(Torture, OfAServerThatIsKilledAndForgetsNothingLeavesItsClaimsStanding) {
    const RestartedRedis redis("appendonly yes\nappendfsync always");
    const Tortured run = torture(
        redis.url(), {"--for", "8s", "--seed", "3", "--server-pid", std::to_string(redis.pids()[0]),
                      "--kill-servers", "--restart-server", redis.restart()});
    expect_claims_to_hold(run);
    EXPECT_THAT(run.text, HasSubstr("kill server 1"));
    EXPECT_GT(redis.pids().size(), 1u);
}

// Claimed only because its user declares what is not so: there a torture must be able to fail.
TEST_F(Torture, OfAServerThatForgetsEverythingFindsIt) {
    const RestartedRedis redis("appendonly no");
    const Tortured run = torture(
        redis.url() + "?durability=always",
        {"--for", "8s", "--seed", "3", "--server-pid", std::to_string(redis.pids()[0]),
         "--kill-servers", "--restart-server", redis.restart()});
    EXPECT_EQ(run.code, 1) << run.text;
    EXPECT_EQ(run.property("fencing")["verdict"], "violated") << run.text;
    EXPECT_EQ(run.property("fencing")["claimed"], true);
}

bool can_leave_its_network() {
    return ::geteuid() == 0 && std::system("unshare -n true 2>/dev/null") == 0;
}

// In a network of its own, so that nothing of this machine's is changed. Where that is not possible
// it must be said, and not look like a pass.
TEST_F(Torture, WhoseLinksAreCutLeavesTheClaimsOfARedisServerStanding) {
    if (!can_leave_its_network()) {
        EXPECT_EQ(torture("redis://192.0.2.1:6379", {"--netns", "--for", "2s"}).code, 6);
        return;
    }
    const std::string redis =
        "redis-server --port 6379 --bind 10.213.0.1 --protected-mode no --save '' "
        "--appendonly yes --appendfsync always";
    std::string tool = "'" CONCLAVE_TOOL "'";
    for (const std::string& word :
         command("redis://10.213.0.1:6379",
                 {"--netns", "--for", "8s", "--seed", "5", "--workload", "group"}))
        tool += " '" + word + "'";
    const std::string script = "ip link set lo up && ip addr add 10.213.0.1/32 dev lo && cd '" +
                               folder_.path() + "' && { " + redis + " >/dev/null & server=$!; " +
                               "until redis-cli -h 10.213.0.1 ping >/dev/null 2>&1; do :; done; " +
                               tool + " >'" + file("text") +
                               "'; code=$?; kill $server; exit $code; }";
    live::ChildProcess process({.arguments = {"timeout", "60", "unshare", "-n", "sh", "-c", script},
                                .log_file = file("log")});
    const int code = process.wait();
    const Tortured run =
        finished({code, live::read_file(file("text")) + live::read_file(file("log"))});
    expect_claims_to_hold(run);
    EXPECT_THAT(run.text, HasSubstr("cut c"));
    EXPECT_EQ(run.property("same_view_under_partitions")["verdict"], "held") << run.text;
}

TEST_F(Torture, OfNobodyRunsNothing) {
    const std::string url = "redis://127.0.0.1:" + std::to_string(live::free_port());
    const Tortured run = torture(url, {"--for", "2s"});
    EXPECT_EQ(run.code, 4) << run.text;
    EXPECT_THAT(run.text, HasSubstr("no client reached the backend"));
}

TEST_F(Torture, RefusesWhatItCannotDo) {
    const std::string url = "redis://127.0.0.1:" + std::to_string(live::free_port());
    EXPECT_EQ(torture("nonsense://x", {"--for", "2s"}).code, 2);
    EXPECT_EQ(torture(url + "?no_such_option=1", {"--for", "2s"}).code, 2);
    EXPECT_EQ(torture(url, {"--for", "soon"}).code, 2);
    EXPECT_EQ(torture(url, {"--kill-servers"}).code, 2);
    EXPECT_EQ(torture(url, {"--server-pid", "1"}).code, 2);
    const Tortured spaces = torture(url, {"--netns"});
    EXPECT_EQ(spaces.code, 6);
    EXPECT_THAT(spaces.text, HasSubstr("NOT RUN"));
}

std::string state_of(pid_t pid) {
    const std::string stat = live::read_file("/proc/" + std::to_string(pid) + "/stat");
    const std::size_t name_end = stat.rfind(')');
    return name_end == std::string::npos ? "" : stat.substr(name_end + 2, 1);
}

std::vector<pid_t> children_of(pid_t pid) {
    const std::string own = std::to_string(pid);
    std::istringstream in(live::read_file("/proc/" + own + "/task/" + own + "/children"));
    return {std::istream_iterator<pid_t>(in), {}};
}

TEST_F(Torture, LeavesNobodyBehindWhenItIsKilled) {
    const live::RedisServer server;
    Verb verb(command("redis://127.0.0.1:" + std::to_string(server.port()),
                      {"--for", "30s", "--server-pid", std::to_string(server.pid())}));
    std::vector<pid_t> children;
    poll_until("five clients and the helper run", [&] {
        children = children_of(verb.pid());
        return children.size() == 6;
    });
    ::kill(server.pid(), SIGSTOP);
    poll_until("the server stands still", [&] { return state_of(server.pid()) == "T"; });
    verb.process().kill();
    for (const pid_t child : children)
        poll_until("a child is gone", [&] {
            const std::string state = state_of(child);
            return state.empty() || state == "Z";
        });
    poll_until("the server goes on", [&] { return state_of(server.pid()) != "T"; });
}

}  // namespace
}  // namespace conclave
