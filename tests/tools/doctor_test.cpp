// `conclave doctor`: the traps of each backend are found, and only where they are.

#include <nlohmann/json.hpp>

#include "verb_fixture.hpp"

namespace conclave {
namespace {

using nlohmann::json;
using testing::HasSubstr;

struct Diagnosis {
    int code;
    json told;

    /// "grade: text" of a finding; empty when there is none.
    std::string about(const std::string& what) const {
        for (const json& finding : told["findings"])
            if (finding["about"] == what)
                return finding["grade"].get<std::string>() + ": " +
                       finding["text"].get<std::string>();
        return {};
    }
};

Diagnosis examine(const std::string& url, const std::vector<std::string>& options = {}) {
    std::vector<std::string> arguments = {"doctor", "--json", "--url", url};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const VerbEnded ran = run_verb(arguments);
    return {ran.code, json::parse(ran.text)};
}

std::string url_of(const live::RedisServer& server) {
    return "redis://127.0.0.1:" + std::to_string(server.port());
}

TEST(Doctor, FindsAWellKeptServerFit) {
    const live::RedisServer server;
    const Diagnosis found = examine(url_of(server), {"--deep"});
    EXPECT_EQ(found.code, 0) << found.told;
    for (const json& finding : found.told["findings"]) EXPECT_EQ(finding["grade"], "ok") << finding;
    EXPECT_THAT(found.about("server"), testing::StartsWith("ok: Redis 7."));
    EXPECT_THAT(found.about("round trip"), HasSubstr("us at most"));
    EXPECT_THAT(found.about("clocks"), HasSubstr("ms ahead of ours"));
    EXPECT_NE(found.about("lock"), "");
    EXPECT_EQ(found.told["claims"]["fencing"], true);
    EXPECT_EQ(found.told["claims"]["linearizable"], true);
    EXPECT_EQ(found.told["claims"]["non_timeout_based"], false);
}

TEST(Doctor, FindsEvictionAndWhatARestartForgets) {
    const live::RedisServer server(
        {.durable = false, .lines = {"maxmemory 100mb", "maxmemory-policy volatile-lru"}});
    const Diagnosis found = examine(url_of(server));
    EXPECT_EQ(found.code, 78);
    EXPECT_THAT(found.about("eviction"), HasSubstr("error: volatile-lru"));
    EXPECT_THAT(found.about("persistence"), HasSubstr("warning: none"));
    EXPECT_EQ(found.told["claims"]["exclusive_by_belief"], false);
    EXPECT_EQ(found.told["claims"]["linearizable"], false);
    const live::RedisServer unlimited({.lines = {"maxmemory-policy allkeys-lru"}});
    EXPECT_THAT(examine(url_of(unlimited)).about("eviction"), HasSubstr("warning: allkeys-lru"));
}

TEST(Doctor, FindsReplicasThatMayFallBehind) {
    const live::RedisServer master;
    const live::RedisServer replica({.replica_of = "127.0.0.1 " + std::to_string(master.port())});
    poll_until("the replica is connected", [&] {
        return live::info_field(master.connect().command({"INFO", "replication"}).text,
                                "connected_slaves") == "1";
    });
    EXPECT_THAT(examine(url_of(master)).about("replicas"),
                HasSubstr("warning: 1 connected, min-replicas-to-write 0"));
    EXPECT_THAT(examine(url_of(master) + "?wait_replicas=2").about("replicas"),
                HasSubstr("error: 1 connected, but wait_replicas asks for 2"));
    master.connect().command({"CONFIG", "SET", "min-replicas-to-write", "1"});
    EXPECT_THAT(examine(url_of(master)).about("replicas"), HasSubstr("ok: 1 connected"));
}

TEST(Doctor, FindsOutAboutTls) {
    const live::RedisServer server({.tls = true});
    const std::string at = "rediss://localhost:" + std::to_string(server.port());
    EXPECT_THAT(examine(at + "?ssl_ca_certs=" + server.ca_file()).about("TLS"),
                HasSubstr("ok: the connection is encrypted"));
    EXPECT_THAT(examine(at + "?ssl_verify=false").about("TLS"), HasSubstr("warning: ssl_verify"));
    const Diagnosis untrusted = examine(at);
    EXPECT_EQ(untrusted.code, 69);
    EXPECT_THAT(untrusted.about("connection"), HasSubstr("certificate"));
}

TEST(Doctor, FindsOutAboutPasswordsAndServersThatTellLittle) {
    const live::RedisServer server(
        {.lines = {"requirepass right", "rename-command CONFIG \"\""}});
    const std::string at = "@127.0.0.1:" + std::to_string(server.port());
    EXPECT_EQ(examine("redis://:wrong" + at).code, 77);
    const Diagnosis found = examine("redis://:right" + at);
    EXPECT_EQ(found.code, 0) << found.told;
    EXPECT_THAT(found.about("auth"), HasSubstr("ok: the server accepted"));
    EXPECT_THAT(found.about("persistence"), HasSubstr("warning: appendonly; the server does not"));
    EXPECT_EQ(found.told["claims"]["fencing"], false);
    const Diagnosis declared = examine("redis://:right" + at + "?durability=always");
    EXPECT_EQ(declared.told["claims"]["fencing"], true) << declared.told;
}

TEST(Doctor, FindsThatNobodyAnswers) {
    const Diagnosis found = examine("redis://127.0.0.1:" + std::to_string(live::free_port()));
    EXPECT_EQ(found.code, 69);
    EXPECT_THAT(found.about("connection"), HasSubstr("error: "));
}

TEST(Doctor, FindsAFolderFit) {
    const TempFolder folder;
    const Diagnosis found = examine("file://" + folder.file("f"), {"--deep"});
    EXPECT_EQ(found.code, 0) << found.told;
    EXPECT_THAT(found.about("folder"), HasSubstr("can be written to"));
    EXPECT_THAT(found.about("record locks"), HasSubstr("ok: they exclude"));
    EXPECT_THAT(found.about("clocks"), HasSubstr("ok: "));
    EXPECT_NE(found.about("file system"), "");
    EXPECT_NE(found.about("lock"), "");
    EXPECT_EQ(found.told["claims"]["exclusive_by_belief"], true);
    const Diagnosis shared = examine("file://" + folder.file("f") + "?shared=true");
    EXPECT_THAT(shared.about("shared"), HasSubstr("warning: "));
    EXPECT_EQ(shared.told["claims"]["fencing"], false);
}

TEST(Doctor, FindsAFolderThatCannotBe) {
    EXPECT_EQ(examine("file:///dev/null/below").code, 69);
    EXPECT_EQ(run_verb({"doctor", "--url", "file:relative"}).code, 64);
}

TEST(Doctor, PrintsForPeople) {
    const TempFolder folder;
    const VerbEnded ran = run_verb({"doctor", "--url", "file://" + folder.file("f")});
    EXPECT_THAT(ran.text, HasSubstr("ok       record locks  they exclude"));
    EXPECT_THAT(ran.text, HasSubstr("claimed  fencing\n"));
    EXPECT_THAT(ran.text, HasSubstr("-        linearizable\n"));
}

}  // namespace
}  // namespace conclave
