// Ways to a real sentinel and through it: passwords, users, TLS on one side or on both.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/fixture/certificates.hpp"
#include "live/fixture/redis_server.hpp"
#include "transport.hpp"

namespace conclave::live {
namespace {

using testing::HasSubstr;

/// One sentinel of one master, set up by further lines of its configuration.
class Sentinel {
public:
    Sentinel(int master_port, const std::string& lines, bool tls = false) : port_(free_port()) {
        if (tls) make_certificates(folder_);
        const std::string port = std::to_string(port_);
        write_file(folder_.file("sentinel.conf"),
                   "bind 127.0.0.1\n" +
                       (tls ? "port 0\ntls-port " + port +
                                  "\ntls-cert-file server.crt\ntls-key-file server.key\n"
                                  "tls-ca-cert-file ca.crt\ntls-auth-clients no\n"
                            : "port " + port + "\n") +
                       "sentinel monitor main 127.0.0.1 " + std::to_string(master_port) + " 1\n" +
                       lines);
        process_ = std::make_unique<ChildProcess>(
            ChildProcess::Options{.arguments = {"redis-sentinel", "sentinel.conf"},
                                  .folder = folder_.path(),
                                  .log_file = folder_.file("log")});
        poll_until("the sentinel listens", [&] { return listens(port_); });
    }

    std::string ca_file() const { return folder_.file("ca.crt"); }
    /// With `user_info` for the master, and `query` behind the sentinel's name.
    std::string url(const std::string& user_info, const std::string& query) const {
        return "redis://" + user_info + "localhost:" + std::to_string(port_) + "?sentinel=main&" +
               query;
    }

private:
    static bool listens(int port) {
        try {
            RedisConnection connection(port);
            return true;
        } catch (const std::runtime_error&) {
            return false;
        }
    }

    TempFolder folder_;
    int port_;
    std::unique_ptr<ChildProcess> process_;
};

void expect_refusal(const std::string& url, const std::string& text) {
    run_asio_session(url, [&](Session& session) {
        EXPECT_THAT(failure_to_start(session), HasSubstr(text)) << url;
    });
}

TEST(SentinelPassword, IsAskedForAndGiven) {
    const RedisServer master({.durable = false});
    const Sentinel sentinel(master.port(), "requirepass hidden\n");
    run_asio_session(sentinel.url("", "sentinel_password=hidden"), expect_locks_work);
    expect_refusal(sentinel.url("", "sentinel_password=wrong"), "WRONGPASS");
    expect_refusal(sentinel.url("", ""), "NOAUTH");
}

TEST(SentinelUser, IsAuthenticatedByName) {
    const RedisServer master({.durable = false});
    const Sentinel sentinel(master.port(),
                            "user asker on >hidden ~* &* +@all\nuser default off\n");
    const std::string password = "&sentinel_password=hidden";
    run_asio_session(sentinel.url("", "sentinel_username=asker" + password), expect_locks_work);
    expect_refusal(sentinel.url("", "sentinel_username=nobody" + password), "WRONGPASS");
}

TEST(AclUserBehindSentinel, IsAuthenticatedAtTheMasterOnly) {
    const RedisServer master(
        {.durable = false, .lines = {"user app on >secret ~* +@all", "user default off"}});
    const Sentinel sentinel(
        master.port(), "sentinel auth-user main app\nsentinel auth-pass main secret\n");
    run_asio_session(sentinel.url("app:secret@", ""), expect_locks_work);
    expect_refusal(sentinel.url("app:wrong@", ""), "WRONGPASS");
    expect_refusal(sentinel.url("", ""), "NOAUTH");
}

TEST(SentinelTls, NeedsNoneAtTheMaster) {
    const RedisServer master({.durable = false});
    const Sentinel sentinel(master.port(), "", true);
    const std::string authority = "ssl_ca_certs=" + sentinel.ca_file();
    run_asio_session(sentinel.url("", "sentinel_ssl=true&" + authority), expect_locks_work);
    expect_refusal(sentinel.url("", "sentinel_ssl=true"), "certificate");
    run_asio_session(sentinel.url("", ""), [](Session& session) {
        EXPECT_NE(failure_to_start(session), "started");
    });
}

TEST(SentinelTls, IsNotNeededForOneOfTheMaster) {
    const RedisServer master({.tls = true, .durable = false});
    // Sentinel itself asks over TLS too: its own connections are those of a client of the master.
    const Sentinel sentinel(
        master.port(), "tls-replication yes\ntls-ca-cert-file " + master.ca_file() +
                           "\ntls-cert-file " + master.certificate_file() + "\ntls-key-file " +
                           master.key_file() + "\n");
    run_asio_session(sentinel.url("", "ssl=true&ssl_ca_certs=" + master.ca_file()),
                     expect_locks_work);
    run_asio_session(sentinel.url("", ""), [](Session& session) {
        EXPECT_NE(failure_to_start(session), "started");
    });
}

}  // namespace
}  // namespace conclave::live
