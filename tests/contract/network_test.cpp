// Who can be reached where: ports, names, unix sockets, and the ways in which a connect fails.

#include <set>

#include "suite.hpp"

namespace conclave::contract {
namespace {

class NetworkContract : public EnvironmentContract {
protected:
    /// A listener at the transport under test, or null after a failure.
    std::unique_ptr<Listener> listen(Runtime& runtime, const Endpoint& endpoint) {
        Listening listening = runtime.network.listen(endpoint);
        EXPECT_EQ(listening.status, IoStatus::ok) << listening.detail;
        return std::move(listening.listener);
    }
    /// A label of more than 63 bytes: no name of the network, so that nobody there is asked.
    const std::string no_name_ = std::string(64, 'x') + ".invalid";
};
INSTANTIATE_TEST_SUITE_P(World, NetworkContract, testing::ValuesIn(world_kinds()), world_name);

TEST_P(NetworkContract, APortOfZeroIsReplacedByOneThatIsFree) {
    in_world([&](Runtime& runtime) {
        const auto first = listen(runtime, {"127.0.0.1", 0, {}});
        const auto second = listen(runtime, {"127.0.0.1", 0, {}});
        const auto any = listen(runtime, {{}, 0, {}});
        ASSERT_TRUE(first && second && any);
        std::set<std::uint16_t> ports;
        for (Listener* listener : {first.get(), second.get(), any.get()}) {
            const Endpoint endpoint = listener->endpoint();
            EXPECT_NE(endpoint.port, 0);
            EXPECT_FALSE(endpoint.host.empty());
            ports.insert(endpoint.port);
            EXPECT_EQ(runtime.network.connect(endpoint, soon(runtime)).status, IoStatus::ok);
            EXPECT_EQ(listener->accept(soon(runtime)).status, IoStatus::ok);
        }
        EXPECT_EQ(ports.size(), 3u);
    });
}

TEST_P(NetworkContract, NobodyListensTwiceAtOneEndpoint) {
    in_world([&](Runtime& runtime) {
        const auto first = listen(runtime, world_->address());
        ASSERT_TRUE(first);
        const Listening second = runtime.network.listen(first->endpoint());
        EXPECT_EQ(second.status, IoStatus::address_in_use);
        EXPECT_EQ(second.listener, nullptr);
        EXPECT_EQ(runtime.network.connect(first->endpoint(), soon(runtime)).status, IoStatus::ok);
        EXPECT_EQ(first->accept(soon(runtime)).status, IoStatus::ok);
    });
}

TEST_P(NetworkContract, AnEndpointIsFreeAgainOnceItsListenerHasClosed) {
    with_ends([](Runtime& runtime, Ends& ends) {
        const Endpoint endpoint = ends.listener->endpoint();
        ends.listener->close();
        // A connection that was accepted there does not stand in the way.
        const Listening again = runtime.network.listen(endpoint);
        ASSERT_EQ(again.status, IoStatus::ok) << again.detail;
        EXPECT_EQ(again.listener->endpoint(), endpoint);
        EXPECT_EQ(runtime.network.connect(endpoint, soon(runtime)).status, IoStatus::ok);
        EXPECT_EQ(again.listener->accept(soon(runtime)).status, IoStatus::ok);
    });
}

TEST_P(NetworkContract, AConnectToWhereNobodyListensIsRefused) {
    in_world([&](Runtime& runtime) {
        const auto listener = listen(runtime, world_->address());
        ASSERT_TRUE(listener);
        listener->close();
        const Connected refused = runtime.network.connect(listener->endpoint(), soon(runtime));
        EXPECT_EQ(refused.status, IoStatus::refused);
        EXPECT_EQ(refused.connection, nullptr);
        EXPECT_EQ(runtime.network.connect(world_->unix_address(), soon(runtime)).status,
                  IoStatus::refused);
    });
}

TEST_P(NetworkContract, ANameThatDoesNotResolveIsUnreachable) {
    in_world([&](Runtime& runtime) {
        for (const std::string& name : {no_name_, std::string()}) {
            const Resolved resolved = runtime.network.resolve(name, soon(runtime));
            EXPECT_EQ(resolved.status, IoStatus::unreachable) << name;
            EXPECT_TRUE(resolved.addresses.empty());
            const Connected connected = runtime.network.connect({name, 1, {}}, soon(runtime));
            EXPECT_EQ(connected.status, IoStatus::unreachable) << name;
            EXPECT_EQ(connected.connection, nullptr);
        }
        const Listening listening = runtime.network.listen({no_name_, 0, {}});
        EXPECT_EQ(listening.status, IoStatus::unreachable);
        EXPECT_EQ(listening.listener, nullptr);
    });
}

TEST_P(NetworkContract, EveryAddressOfANameIsAnEndpointsHost) {
    in_world([&](Runtime& runtime) {
        const auto listener = listen(runtime, {"localhost", 0, {}});
        ASSERT_TRUE(listener);
        const std::uint16_t port = listener->endpoint().port;
        EXPECT_EQ(runtime.network.connect({"localhost", port, {}}, soon(runtime)).status,
                  IoStatus::ok);
        const Resolved resolved = runtime.network.resolve("localhost", soon(runtime));
        ASSERT_EQ(resolved.status, IoStatus::ok);
        ASSERT_FALSE(resolved.addresses.empty());
        EXPECT_EQ(
            runtime.network.connect({resolved.addresses.front(), port, {}}, soon(runtime)).status,
            IoStatus::ok);
    });
}

TEST_P(NetworkContract, ManyMayKnockBeforeTheFirstIsAccepted) {
    constexpr std::size_t clients = 100;
    in_world([&](Runtime& runtime) {
        const auto listener = listen(runtime, world_->address());
        ASSERT_TRUE(listener);
        std::vector<std::unique_ptr<Connection>> near;
        for (std::size_t client = 0; client < clients; ++client) {
            Connected connected = runtime.network.connect(listener->endpoint(), soon(runtime));
            ASSERT_EQ(connected.status, IoStatus::ok) << connected.detail;
            const std::string name(1, static_cast<char>(client));
            EXPECT_TRUE(connected.connection->write_all(name, soon(runtime)).ok());
            near.push_back(std::move(connected.connection));
        }
        std::set<std::string> names;
        for (std::size_t client = 0; client < clients; ++client) {
            const Connected accepted = listener->accept(soon(runtime));
            ASSERT_EQ(accepted.status, IoStatus::ok) << accepted.detail;
            names.insert(receive(runtime, *accepted.connection, 1).text);
        }
        EXPECT_EQ(names.size(), clients);
    });
}

TEST_P(NetworkContract, AUnixSocketIsReachedByItsPathAlone) {
    in_world([&](Runtime& runtime) {
        const Endpoint path = world_->unix_address();
        const auto listener = listen(runtime, path);
        ASSERT_TRUE(listener);
        EXPECT_EQ(listener->endpoint(), path);
        const Endpoint with_host{"ignored", 1, path.unix_path};
        const Connected near = runtime.network.connect(with_host, soon(runtime));
        ASSERT_EQ(near.status, IoStatus::ok) << near.detail;
        const Connected far = listener->accept(soon(runtime));
        ASSERT_EQ(far.status, IoStatus::ok) << far.detail;
        EXPECT_TRUE(near.connection->write_all("path", soon(runtime)).ok());
        EXPECT_EQ(receive(runtime, *far.connection, 4), (Received{IoStatus::ok, "path"}));
    });
}

// Linux: struct sockaddr_un has room for 107 bytes and a zero.
TEST_P(NetworkContract, APathThatIsTooLongFails) {
    in_world([&](Runtime& runtime) {
        const Endpoint path{{}, 0, "/" + std::string(107, 'x')};
        EXPECT_EQ(runtime.network.listen(path).status, IoStatus::failed);
        EXPECT_EQ(runtime.network.connect(path, soon(runtime)).status, IoStatus::failed);
    });
}

}  // namespace
}  // namespace conclave::contract
