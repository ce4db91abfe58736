// What only a real server has: TLS, unix sockets, ACL users.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/fixture/redis_server.hpp"
#include "transport.hpp"

namespace conclave::live {
namespace {

using testing::HasSubstr;

class TlsServer : public testing::Test {
protected:
    std::string url(const std::string& host, const std::string& query) const {
        return "rediss://" + host + ":" + std::to_string(server_.port()) + "?" + query;
    }
    RedisServer server_{{.tls = true, .lines = {"bind 127.0.0.1 127.0.0.2"}}};
};

TEST_F(TlsServer, IsTrustedThroughItsAuthority) {
    run_asio_session(url("localhost", "ssl_ca_certs=" + server_.ca_file()), expect_locks_work);
}

TEST_F(TlsServer, IsRefusedWithoutItsAuthority) {
    run_asio_session(url("localhost", ""), [](Session& session) {
        EXPECT_THAT(failure_to_start(session), HasSubstr("certificate"));
    });
}

TEST_F(TlsServer, IsRefusedUnderAnotherName) {
    const std::string other = url("127.0.0.2", "ssl_ca_certs=" + server_.ca_file());
    run_asio_session(other, [](Session& session) {
        EXPECT_NE(failure_to_start(session), "started");
    });
}

TEST_F(TlsServer, DoesNotAnswerPlainText) {
    run_asio_session("redis://localhost:" + std::to_string(server_.port()), [](Session& session) {
        EXPECT_NE(failure_to_start(session), "started");
    });
}

TEST(TlsClient, ShowsItsCertificateWhereOneIsAskedFor) {
    const RedisServer server({.tls = true, .client_certificates = true});
    const std::string url = "rediss://localhost:" + std::to_string(server.port()) +
                            "?ssl_ca_certs=" + server.ca_file();
    run_asio_session(url + "&ssl_certfile=" + server.certificate_file() +
                         "&ssl_keyfile=" + server.key_file(),
                     expect_locks_work);
    run_asio_session(url, [](Session& session) {
        EXPECT_NE(failure_to_start(session), "started");
    });
}

TEST(UnixSocket, CarriesTheDriver) {
    const RedisServer server({.unix_socket = true});
    run_asio_session("redis://" + server.unix_path(), expect_locks_work);
}

TEST(AclUser, IsAuthenticatedByName) {
    const RedisServer server({.lines = {"user app on >secret ~* +@all"}});
    const std::string port = std::to_string(server.port());
    run_asio_session("redis://app:secret@127.0.0.1:" + port, expect_locks_work);
    run_asio_session("redis://app:wrong@127.0.0.1:" + port, [](Session& session) {
        EXPECT_THAT(failure_to_start(session), HasSubstr("WRONGPASS"));
    });
}

TEST(AclUser, WithoutTheRightIsToldSo) {
    const RedisServer server({.lines = {"user app on >secret ~* +@all -eval -evalsha -set"}});
    run_asio_session("redis://app:secret@127.0.0.1:" + std::to_string(server.port()),
                     [](Session& session) {
                         try {
                             Locks& locks = *session.connect("one").locks();
                             locks.try_acquire("lock", locks.new_owner(), session.soon());
                             ADD_FAILURE() << "a forbidden command passed";
                         } catch (const Error& error) {
                             EXPECT_THAT(error.what(), HasSubstr("NOPERM"));
                         }
                     });
}

TEST(AclUser, WithoutTheChannelsIsToldAtStartAndLosesNoWriteLater) {
    const RedisServer server({.lines = {"user app on >secret ~* &_tooz* +@all"}});
    const std::string url = "redis://app:secret@127.0.0.1:" + std::to_string(server.port());
    RedisConnection admin = server.connect();
    run_asio_session(url + "?push=on", [&](Session& session) {
        Driver& driver = session.connect("one");
        Locks& locks = *driver.locks();
        const auto lease = locks.try_acquire("L", locks.new_owner(), session.soon());
        int heard = 0;
        const auto interest =
            driver.changes()->follow(Changes::Kind::lock, "L", [&] { ++heard; });
        EXPECT_TRUE(session.eventually([&] { return interest->told() && heard == 1; }));
        admin.command({"ACL", "SETUSER", "app", "resetchannels"});
        EXPECT_TRUE(session.eventually([&] { return !interest->told(); })) << "it is cut off";
        EXPECT_TRUE(locks.release(*lease, session.soon()));
        EXPECT_EQ(admin.command({"EXISTS", "_tooz_L_lock"}).integer, 0);
        EXPECT_EQ(heard, 1);
        EXPECT_THAT(failure_to_start(session), HasSubstr("push=on"));
    });
    run_asio_session(url, expect_locks_work);
}

}  // namespace
}  // namespace conclave::live
