#include "serve_command.hpp"

#include <signal.h>

#include <iostream>
#include <memory>
#include <optional>

#include "conclave/asio_runtime.hpp"
#include "conclave/scenarios/plan.hpp"
#include "conclave/servers/redis/server.hpp"
#include "run_options.hpp"

namespace conclave::tool {

namespace {

constexpr const char* loopback = "127.0.0.1";

sigset_t ending_signals() {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGINT);
    ::sigaddset(&signals, SIGTERM);
    return signals;
}

/// Held back from every thread that starts later: only wait() takes them.
class EndingSignals {
public:
    EndingSignals() : signals_(ending_signals()) {
        ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    }
    void wait() const {
        int taken = 0;
        ::sigwait(&signals_, &taken);
    }

private:
    sigset_t signals_;
};

std::unique_ptr<Listener> listen(Runtime& runtime, std::uint16_t port) {
    Listening listening = runtime.network.listen({loopback, port, {}});
    if (listening.status == IoStatus::ok) return std::move(listening.listener);
    throw scenarios::FileError("--port " + std::to_string(port) + ": cannot listen on " + loopback +
                               ":" + std::to_string(port) + ": " + listening.detail);
}

/// A server on the fibers of a runtime; every member function is called on one of them.
class Served {
public:
    Served(Runtime& runtime, std::uint16_t port)
        : listener_(listen(runtime, port)),
          server_(runtime, options_for(*listener_)),
          tasks_(runtime.scheduler) {
        tasks_.spawn([this] { server_.run(*listener_); });
    }

    std::uint16_t port() const { return listener_->endpoint().port; }
    /// Parks until every connection is closed.
    void stop() {
        tasks_.cancel();
        tasks_.join();
    }

private:
    static servers::redis::ServerOptions options_for(const Listener& listener) {
        servers::redis::ServerOptions options;
        options.host = loopback;
        options.port = listener.endpoint().port;
        return options;
    }

    std::unique_ptr<Listener> listener_;
    servers::redis::Server server_;
    TaskGroup tasks_;
};

int serve(const ServeArguments& arguments) {
    const EndingSignals signals;
    AsioRuntime world;
    Gate& gate = world.gate();
    std::optional<Served> served;
    gate.call([&] { served.emplace(gate.runtime(), arguments.port); });
    std::cout << "serving a simulated redis on " << loopback << ':' << served->port() << std::endl;
    signals.wait();
    gate.call([&] {
        served->stop();
        served.reset();
    });
    return Exit::all_held;
}

}  // namespace

void add_serve(CLI::App& app, ServeArguments& arguments, std::function<int()>& verb) {
    CLI::App* command = app.add_subcommand("serve", "Serve a simulated server on a loopback port");
    command->add_option("backend", arguments.backend)->required()->check(CLI::IsMember({"redis"}));
    command->add_option("--port", arguments.port, "0 takes a free one; the first line tells which")
        ->required()
        ->check(CLI::Range(0, 65535));
    command->callback([&] { verb = [&] { return serve(arguments); }; });
}

}  // namespace conclave::tool
