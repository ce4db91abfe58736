// The TLS client against the openssl command's server, which sends every line back reversed.

#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

#include "conclave/asio_runtime.hpp"
#include "live/fixture/certificates.hpp"
#include "live/fixture/child_process.hpp"

namespace conclave {
namespace {

using std::chrono::seconds;

class Tls : public ::testing::Test {
protected:
    Tls() {
        live::make_certificates(folder_);
        port_ = live::free_port();
        start({});
    }

    void start(const std::vector<std::string>& more) {
        std::vector<std::string> arguments = {
            "openssl", "s_server", "-rev", "-cert", folder_.file("server.crt"), "-key",
            folder_.file("server.key"), "-port", std::to_string(port_)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        server_.reset();
        server_ = std::make_unique<live::ChildProcess>(live::ChildProcess::Options{
            .arguments = arguments, .folder = folder_.path(), .log_file = folder_.file("log")});
        // It greets on its standard output once it accepts, before any client came.
        live::poll_until("s_server", [this] {
            return live::read_file(folder_.file("log")).find("ACCEPT") != std::string::npos;
        });
    }

    /// How start_tls() ends; on success the answer to one line is in answer_.
    IoStatus try_tls(const TlsOptions& options) {
        IoStatus status = IoStatus::failed;
        run_on_this_thread([&](Runtime& runtime) {
            const Deadline deadline = runtime.after(seconds(10));
            const Endpoint endpoint{"127.0.0.1", static_cast<std::uint16_t>(port_), {}};
            Connected client = runtime.network.connect(endpoint, deadline);
            ASSERT_EQ(client.status, IoStatus::ok) << client.detail;
            status = client.connection->start_tls(options, deadline).status;
            if (status == IoStatus::ok) status = exchange(*client.connection, deadline);
        });
        return status;
    }

    IoStatus exchange(Connection& connection, Deadline deadline) {
        answer_.clear();
        if (IoResult sent = connection.write_all("abc\n", deadline); !sent.ok()) return sent.status;
        while (!answer_.ends_with('\n')) {
            char buffer[64];
            const IoResult result = connection.read_some(buffer, deadline);
            if (!result.ok()) return result.status;
            answer_.append(buffer, result.bytes);
        }
        return IoStatus::ok;
    }

    TlsOptions trusted(const std::string& server_name) const {
        TlsOptions options;
        options.server_name = server_name;
        options.ca_file = folder_.file("ca.crt");
        return options;
    }

    live::TempFolder folder_;
    int port_ = 0;
    std::unique_ptr<live::ChildProcess> server_;
    std::string answer_;
};

TEST_F(Tls, CarriesBytesWhenNameAndAuthorityAreRight) {
    EXPECT_EQ(try_tls(trusted("localhost")), IoStatus::ok);
    EXPECT_EQ(answer_, "cba\n");
    EXPECT_EQ(try_tls(trusted("127.0.0.1")), IoStatus::ok);
}

TEST_F(Tls, RefusesAWrongNameAnUnknownAuthorityAndNoNameAtAll) {
    EXPECT_EQ(try_tls(trusted("elsewhere.example")), IoStatus::tls_failed);
    EXPECT_EQ(try_tls(trusted("")), IoStatus::tls_failed);
    TlsOptions options = trusted("localhost");
    options.ca_file.clear();
    EXPECT_EQ(try_tls(options), IoStatus::tls_failed);
}

TEST_F(Tls, AcceptsAnyCertificateWhenToldTo) {
    TlsOptions options;
    options.verify = false;
    EXPECT_EQ(try_tls(options), IoStatus::ok);
}

TEST_F(Tls, MissingFilesAreErrors) {
    TlsOptions options = trusted("localhost");
    options.ca_file = folder_.file("missing");
    EXPECT_EQ(try_tls(options), IoStatus::tls_failed);
    options = trusted("localhost");
    options.certificate_file = folder_.file("missing");
    EXPECT_EQ(try_tls(options), IoStatus::tls_failed);
}

TEST_F(Tls, ShowsItsCertificateToAServerThatAsks) {
    live::write_file(folder_.file("log"), "");
    port_ = live::free_port();
    start({"-Verify", "1", "-verify_return_error", "-CAfile", folder_.file("ca.crt")});
    EXPECT_NE(try_tls(trusted("localhost")), IoStatus::ok);
    TlsOptions options = trusted("localhost");
    options.certificate_file = folder_.file("server.crt");
    options.key_file = folder_.file("server.key");
    EXPECT_EQ(try_tls(options), IoStatus::ok);
}

TEST_F(Tls, AServerThatDoesNotSpeakTlsFailsTheHandshake) {
    run_on_this_thread([this](Runtime& runtime) {
        const Deadline deadline = runtime.after(seconds(10));
        Listening listening = runtime.network.listen({"127.0.0.1", 0, {}});
        Connected client = runtime.network.connect(listening.listener->endpoint(), deadline);
        Connected server = listening.listener->accept(deadline);
        ASSERT_EQ(server.status, IoStatus::ok);
        ASSERT_TRUE(server.connection->write_all("-ERR plain text\r\n", deadline).ok());
        EXPECT_EQ(client.connection->start_tls(trusted("localhost"), deadline).status,
                  IoStatus::tls_failed);
    });
}

TEST_F(Tls, AWriteThatWasCutShortSaysThatBytesWereAccepted) {
    run_on_this_thread([this](Runtime& runtime) {
        const Deadline deadline = runtime.after(seconds(10));
        const Endpoint endpoint{"127.0.0.1", static_cast<std::uint16_t>(port_), {}};
        Connected client = runtime.network.connect(endpoint, deadline);
        ASSERT_EQ(client.status, IoStatus::ok) << client.detail;
        ASSERT_TRUE(client.connection->start_tls(trusted("localhost"), deadline).ok());
        server_->signal(SIGSTOP);
        const std::string more_than_buffers_hold(std::size_t{64} << 20, 'a');
        const IoResult cut = client.connection->write_all(more_than_buffers_hold,
                                                          runtime.after(std::chrono::milliseconds(50)));
        server_->signal(SIGCONT);
        EXPECT_EQ(cut.status, IoStatus::timed_out);
        EXPECT_GT(cut.bytes, 0u) << "the peer may have them";
        // Part of a record went out, so nothing can follow it, and nothing is said to have.
        EXPECT_EQ(client.connection->write_all("abc\n", deadline), (IoResult{IoStatus::reset, 0}));
    });
}

TEST_F(Tls, ASilentServerMeetsTheDeadline) {
    run_on_this_thread([this](Runtime& runtime) {
        const Deadline deadline = runtime.after(seconds(10));
        Listening listening = runtime.network.listen({"127.0.0.1", 0, {}});
        Connected client = runtime.network.connect(listening.listener->endpoint(), deadline);
        ASSERT_EQ(client.status, IoStatus::ok);
        const Deadline brief = runtime.after(std::chrono::milliseconds(20));
        EXPECT_EQ(client.connection->start_tls(trusted("localhost"), brief).status,
                  IoStatus::timed_out);
    });
}

}  // namespace
}  // namespace conclave
