// What only a real server has: TLS, unix sockets, ACL users.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/contract/asio_session.hpp"
#include "live/fixture/redis_server.hpp"

namespace conclave::live {
namespace {

using namespace std::chrono_literals;
using contract::run_asio_session;
using contract::Session;
using testing::HasSubstr;

void expect_locks_work(Session& session) {
    Locks& locks = *session.connect("one").locks();
    EXPECT_TRUE(locks.try_acquire("lock", locks.new_owner(), session.soon()));
    EXPECT_FALSE(locks.try_acquire("lock", locks.new_owner(), session.soon()));
}

/// What start() complains about.
std::string failure_to_start(Session& session) {
    try {
        session.make("one").start(session.runtime().after(5s));
    } catch (const Error& error) {
        return error.what();
    }
    return "started";
}

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

}  // namespace
}  // namespace conclave::live
