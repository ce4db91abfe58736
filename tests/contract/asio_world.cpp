// The environment contract on the operating system: TCP over loopback and unix sockets.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conclave/asio_runtime.hpp"
#include "live/fixture/temp_folder.hpp"
#include "suite.hpp"

namespace conclave::contract {
namespace {

/// A listener that never accepts and whose queue is full: Linux drops what else knocks.
class SilentListener {
public:
    SilentListener() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(::bind(listener_, generic, length), 0);
        EXPECT_EQ(::listen(listener_, 0), 0);
        EXPECT_EQ(::getsockname(listener_, generic, &length), 0);
        // A queue of 0 holds one.
        EXPECT_EQ(::connect(guest_, generic, length), 0);
        port_ = ntohs(address.sin_port);
    }
    ~SilentListener() {
        ::close(guest_);
        ::close(listener_);
    }
    SilentListener(const SilentListener&) = delete;
    SilentListener& operator=(const SilentListener&) = delete;

    std::uint16_t port() const noexcept { return port_; }

private:
    int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int guest_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::uint16_t port_ = 0;
};

class AsioContractWorld final : public ContractWorld {
public:
    explicit AsioContractWorld(bool local) : local_(local) {}

    void run(const std::function<void(Runtime&)>& body) override { run_on_this_thread(body); }
    Endpoint address() override { return local_ ? unix_address() : Endpoint{"127.0.0.1", 0, {}}; }
    Endpoint unix_address() override {
        return {{}, 0, folder_.file("socket-" + std::to_string(++paths_))};
    }
    Endpoint silent_address() override { return {"127.0.0.1", silent_.port(), {}}; }

private:
    bool local_;
    live::TempFolder folder_;
    SilentListener silent_;
    int paths_ = 0;
};

}  // namespace

std::vector<WorldKind> world_kinds() {
    return {{"operating_system", [] { return std::make_unique<AsioContractWorld>(false); }},
            {"operating_system_unix", [] { return std::make_unique<AsioContractWorld>(true); }}};
}

}  // namespace conclave::contract
