// Sockets of the operating system, where they differ from what the contract suite covers: unix
// sockets, names, and peers that always have something to say.

#include <gtest/gtest.h>

#include <string>

#include "conclave/asio_runtime.hpp"
#include "conclave/sync.hpp"
#include "live/fixture/temp_folder.hpp"

namespace conclave {
namespace {

using std::chrono::seconds;

Deadline soon(Runtime& runtime) { return runtime.after(seconds(10)); }

std::string read_all(Runtime& runtime, Connection& connection) {
    std::string all;
    char buffer[4096];
    for (;;) {
        const IoResult result = connection.read_some(buffer, soon(runtime));
        if (!result.ok()) {
            EXPECT_EQ(result.status, IoStatus::end_of_stream);
            return all;
        }
        all.append(buffer, result.bytes);
    }
}

/// Sends `text` through a connection to `endpoint`; what the other side received.
std::string transfer(Runtime& runtime, const Endpoint& endpoint, const std::string& text) {
    Listening listening = runtime.network.listen(endpoint);
    EXPECT_EQ(listening.status, IoStatus::ok) << listening.detail;
    TaskGroup group(runtime.scheduler);
    std::string received;
    group.spawn([&] {
        Connected peer = listening.listener->accept(soon(runtime));
        ASSERT_EQ(peer.status, IoStatus::ok);
        received = read_all(runtime, *peer.connection);
    });
    Connected client = runtime.network.connect(listening.listener->endpoint(), soon(runtime));
    EXPECT_EQ(client.status, IoStatus::ok) << client.detail;
    if (client.connection) {
        EXPECT_TRUE(client.connection->write_all(text, soon(runtime)).ok());
        client.connection->close();
    }
    group.join();
    return received;
}

TEST(AsioNetwork, CarriesBytesOverTcpAndUnixSockets) {
    const live::TempFolder folder;
    run_on_this_thread([&](Runtime& runtime) {
        EXPECT_EQ(transfer(runtime, {.host = "127.0.0.1", .port = 0, .unix_path = {}}, "tcp"),
                  "tcp");
        const Endpoint local{.host = {}, .port = 0, .unix_path = folder.file("socket")};
        EXPECT_EQ(transfer(runtime, local, "unix"), "unix");
        // The file went with the listener, so that the path is free again.
        EXPECT_EQ(transfer(runtime, local, "again"), "again");
    });
}

TEST(AsioNetwork, ResolvesNamesAndConnectsByThem) {
    run_on_this_thread([](Runtime& runtime) {
        const Resolved resolved = runtime.network.resolve("localhost", soon(runtime));
        ASSERT_EQ(resolved.status, IoStatus::ok);
        EXPECT_FALSE(resolved.addresses.empty());
        Listening listening = runtime.network.listen({"127.0.0.1", 0, {}});
        ASSERT_EQ(listening.status, IoStatus::ok);
        const Endpoint named{"localhost", listening.listener->endpoint().port, {}};
        EXPECT_EQ(runtime.network.connect(named, soon(runtime)).status, IoStatus::ok);
    });
}

TEST(AsioNetwork, AnUnknownNameIsUnreachableAndAMissingUnixSocketIsRefused) {
    const live::TempFolder folder;
    run_on_this_thread([&](Runtime& runtime) {
        const Connected unknown =
            runtime.network.connect({"no-such-host.invalid", 1, {}}, soon(runtime));
        EXPECT_EQ(unknown.status, IoStatus::unreachable) << unknown.detail;
        const Endpoint missing{{}, 0, folder.file("missing")};
        EXPECT_EQ(runtime.network.connect(missing, soon(runtime)).status, IoStatus::refused);
    });
}

TEST(AsioNetwork, APathThatIsTooLongIsAnErrorNotACrash) {
    run_on_this_thread([](Runtime& runtime) {
        const Endpoint long_path{{}, 0, "/tmp/" + std::string(200, 'x')};
        EXPECT_EQ(runtime.network.connect(long_path, soon(runtime)).status, IoStatus::failed);
        EXPECT_EQ(runtime.network.listen(long_path).status, IoStatus::failed);
    });
}

TEST(AsioConnection, APeerThatAlwaysHasDataDoesNotStarveOtherFibers) {
    run_on_this_thread([](Runtime& runtime) {
        Listening listening = runtime.network.listen({"127.0.0.1", 0, {}});
        ASSERT_EQ(listening.status, IoStatus::ok);
        Connected client = runtime.network.connect(listening.listener->endpoint(), soon(runtime));
        Connected server = listening.listener->accept(soon(runtime));
        ASSERT_EQ(server.status, IoStatus::ok);
        ASSERT_TRUE(client.connection->write_all(std::string(10'000, 'x'), soon(runtime)).ok());
        TaskGroup group(runtime.scheduler);
        int bytes_when_other_ran = -1;
        int bytes = 0;
        group.spawn([&] { bytes_when_other_ran = bytes; });
        for (char one; bytes < 10'000; ++bytes)
            ASSERT_TRUE(server.connection->read_some({&one, 1}, soon(runtime)).ok());
        group.join();
        EXPECT_GE(bytes_when_other_ran, 0);
        EXPECT_LT(bytes_when_other_ran, 1000);
    });
}

}  // namespace
}  // namespace conclave
