// Sockets of the operating system: what tests/contract cannot ask of the simulated ones, too.

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include "asio_descriptor.hpp"
#include "conclave/asio_runtime.hpp"
#include "conclave/sync.hpp"
#include "live/fixture/temp_folder.hpp"

namespace conclave {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Deadline soon(Runtime& runtime) { return runtime.after(seconds(10)); }

/// A unix socket of the system whose queue holds one connection.
class TinyListener {
public:
    explicit TinyListener(const std::string& path) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::listen(socket_, 0), 0);
    }
    ~TinyListener() { ::close(socket_); }
    TinyListener(const TinyListener&) = delete;
    TinyListener& operator=(const TinyListener&) = delete;

    void accept_one() {
        const int accepted = ::accept(socket_, nullptr, nullptr);
        EXPECT_GE(accepted, 0);
        ::close(accepted);
    }

private:
    int socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

// Over TCP the kernel waits by itself; of a unix socket it says "try again" at once.
TEST(AsioNetwork, AConnectToAFullUnixSocketWaitsForRoom) {
    const live::TempFolder folder;
    const std::string path = folder.file("socket");
    TinyListener listener(path);
    run_on_this_thread([&](Runtime& runtime) {
        const Endpoint endpoint{{}, 0, path};
        EXPECT_EQ(runtime.network.connect(endpoint, soon(runtime)).status, IoStatus::ok);
        const Deadline deadline = runtime.after(milliseconds(20));
        EXPECT_EQ(runtime.network.connect(endpoint, deadline).status, IoStatus::timed_out);
        EXPECT_TRUE(deadline.passed(runtime.clock.now()));
        TaskGroup group(runtime.scheduler);
        Latch begun(runtime.scheduler);
        IoStatus waiting{}, cancelled{};
        group.spawn([&] {
            begun.set();
            waiting = runtime.network.connect(endpoint, soon(runtime)).status;
        });
        EXPECT_EQ(begun.wait(soon(runtime)), Wake::notified);
        listener.accept_one();
        group.join();
        EXPECT_EQ(waiting, IoStatus::ok);
        group.cancel();
        group.spawn([&] { cancelled = runtime.network.connect(endpoint, soon(runtime)).status; });
        group.join();
        EXPECT_EQ(cancelled, IoStatus::cancelled);
    });
}

TEST(AsioNetwork, TheFileOfAUnixSocketGoesWithItsListener) {
    const live::TempFolder folder;
    const std::string path = folder.file("socket");
    run_on_this_thread([&](Runtime& runtime) {
        Listening listening = runtime.network.listen({{}, 0, path});
        ASSERT_EQ(listening.status, IoStatus::ok) << listening.detail;
        EXPECT_TRUE(std::filesystem::exists(path));
        listening.listener->close();
        EXPECT_FALSE(std::filesystem::exists(path));
    });
}

TEST(AsioNetwork, ANameThatTheNetworkDoesNotKnowIsUnreachable) {
    run_on_this_thread([&](Runtime& runtime) {
        const Connected unknown =
            runtime.network.connect({"no-such-host.invalid", 1, {}}, soon(runtime));
        EXPECT_EQ(unknown.status, IoStatus::unreachable) << unknown.detail;
    });
}

TEST(ConnectStatus, SilenceMeansThatTheOtherSideCannotBeReached) {
    EXPECT_EQ(detail::connect_status(ETIMEDOUT), IoStatus::unreachable);
    EXPECT_EQ(detail::connect_status(ECONNREFUSED), IoStatus::refused);
    // An established connection that falls silent breaks.
    EXPECT_EQ(detail::io_status(ETIMEDOUT), IoStatus::reset);
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
