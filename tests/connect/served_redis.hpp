#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "conclave/asio_runtime.hpp"
#include "conclave/servers/redis/server.hpp"

namespace conclave {

/// A simulated Redis on a thread of its own.
class ServedRedis {
public:
    /// `on_command`: see ServerOptions; called on the server's thread.
    explicit ServedRedis(
        std::function<void(std::span<const std::string_view>)> on_command = {}) {
        runtime_.gate().call([this, &on_command] {
            Runtime& runtime = runtime_.runtime();
            port_ = free_port(runtime);
            serving_.emplace(runtime.scheduler);
            serving_->spawn([this, &runtime, on_command] {
                servers::redis::ServerOptions options;
                options.host = "127.0.0.1";
                options.port = port_;
                options.on_command = on_command;
                servers::redis::Server(runtime, options).run();
            });
        });
    }
    ~ServedRedis() {
        runtime_.gate().call([this] {
            serving_->cancel();
            serving_->join();
            serving_.reset();
        });
    }

    std::string url() const { return "redis://127.0.0.1:" + std::to_string(port_); }

private:
    static std::uint16_t free_port(Runtime& runtime) {
        const Listening listening = runtime.network.listen({.host = "127.0.0.1", .port = 0});
        return listening.listener->endpoint().port;
    }

    AsioRuntime runtime_;
    std::uint16_t port_ = 0;
    std::optional<TaskGroup> serving_;
};

}  // namespace conclave
