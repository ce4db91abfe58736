#include "serve_command.hpp"

#include <signal.h>

#include <iostream>
#include <memory>
#include <optional>

#include "conclave/asio_runtime.hpp"
#include "conclave/scenarios/plan.hpp"
#include "conclave/servers/redis/server.hpp"
#include "conclave/sync.hpp"
#include "disturbed_listener.hpp"
#include "run_options.hpp"

namespace conclave::tool {

namespace {

using namespace std::chrono_literals;

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
    Served(Runtime& runtime, std::uint16_t port, const Disturbances& disturbances,
           sim::Stream stream)
        : listener_(runtime, listen(runtime, port), disturbances, stream.split("network")),
          server_(runtime, options_for(listener_)),
          tasks_(runtime.scheduler) {
        tasks_.spawn([this] { server_.run(listener_); });
        const double slow = rate_of(disturbances, "slow_command");
        const double full = rate_of(disturbances, "too_many_connections");
        if (slow > 0)
            begin_at_times(runtime, slow, stream.split("slow_command"), 8s,
                           [this](Duration length) { server_.occupy(length); });
        if (full > 0)
            begin_at_times(runtime, full, stream.split("too_many_connections"), 3s,
                           [this](Duration length) { server_.crowd(length); });
    }

    std::uint16_t port() const { return listener_.endpoint().port; }
    /// Parks until every connection is closed.
    void stop() {
        tasks_.cancel();
        tasks_.join();
    }

private:
    /// In so many of all seconds `begin` is told to last for some time.
    void begin_at_times(Runtime& runtime, double rate, sim::Stream stream, Duration length_max,
                        std::function<void(Duration)> begin) {
        tasks_.spawn([&runtime, rate, stream, length_max, begin = std::move(begin)]() mutable {
            while (sleep_for(runtime, 1s)) {
                const bool comes = stream.chance(rate);
                const Duration length = stream.between(100ms, length_max);
                if (comes) begin(length);
            }
        });
    }

    static servers::redis::ServerOptions options_for(const Listener& listener) {
        servers::redis::ServerOptions options;
        options.host = loopback;
        options.port = listener.endpoint().port;
        return options;
    }

    DisturbedListener listener_;
    servers::redis::Server server_;
    TaskGroup tasks_;
};

int serve(const ServeArguments& arguments) {
    const Disturbances disturbances = parse_disturbances(arguments.faults);
    const EndingSignals signals;
    AsioRuntime world;
    Gate& gate = world.gate();
    std::optional<Served> served;
    gate.call([&] {
        served.emplace(gate.runtime(), arguments.port, disturbances, sim::Stream(arguments.seed));
    });
    std::cout << "serving a simulated redis on " << loopback << ':' << served->port() << std::endl;
    if (!disturbances.empty())
        std::cout << "faults: " << to_text(disturbances) << ", seed " << arguments.seed << std::endl;
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
    std::string faults = "Disturb clients: KIND[=RATE],... where RATE (0..1, 0.05 if not said) is the share";
    for (const auto& [kind, counted] : served_faults()) faults += "\n  " + kind + ": " + counted;
    command->add_option("--faults", arguments.faults, faults);
    command->add_option("--seed", arguments.seed, "Decides which requests, answers and seconds")
        ->capture_default_str();
    command->callback([&] { verb = [&] { return serve(arguments); }; });
}

}  // namespace conclave::tool
