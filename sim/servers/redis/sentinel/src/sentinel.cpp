#include "conclave/servers/redis/sentinel.hpp"

#include "conclave/error.hpp"
#include "state.hpp"

namespace conclave::servers::redis {

namespace {

// sentinelTimer runs at hz 10; the real one redraws its hz after each run so that sentinels drift
// apart instead of splitting every vote.
constexpr std::uint64_t tick_ms_min = 91;
constexpr std::uint64_t tick_ms_span = 10;

std::string random_id(Random& random) {
    constexpr char digits[] = "0123456789abcdef";
    std::string id;
    while (id.size() < 40) {
        std::uint64_t bits = random.next();
        for (int i = 0; i < 8; ++i, bits >>= 4) id += digits[bits & 15];
    }
    return id;
}

}  // namespace

Sentinel::State::State(Runtime& runtime_in, SentinelOptions options_in)
    : runtime(runtime_in),
      options(std::move(options_in)),
      tasks(runtime_in.scheduler),
      id(random_id(runtime_in.random)),
      master(std::make_unique<Instance>(runtime, tasks, InstanceKind::master, options.master)) {}

void Sentinel::State::observe(std::string_view name, const std::string& detail) const {
    runtime.observer.event({Event::Severity::info, "redis.sentinel", name, detail});
}

Sentinel::Sentinel(Runtime& runtime, SentinelOptions options)
    : state_(std::make_unique<State>(runtime, std::move(options))) {}

Sentinel::~Sentinel() = default;

void Sentinel::run() {
    State& state = *state_;
    Listening listening = state.runtime.network.listen(state.options.listen);
    if (listening.status != IoStatus::ok)
        throw ConnectionError("cannot listen on " + to_string(state.options.listen) + ": " +
                              std::string(to_string(listening.status)) + " " + listening.detail);
    if (state.options.listen.port == 0)
        state.options.listen.port = listening.listener->endpoint().port;
    state.tasks.spawn([&state, &listener = *listening.listener] {
        for (;;) {
            Connected client = listener.accept(Deadline::never());
            if (client.status == IoStatus::cancelled || client.status == IoStatus::closed) return;
            if (client.status != IoStatus::ok) continue;
            std::shared_ptr<Connection> connection = std::move(client.connection);
            state.tasks.spawn([&state, connection] { state.serve(connection); });
        }
    });
    do {
        state.tick();
    } while (sleep_for(state.runtime, std::chrono::milliseconds(
                                          tick_ms_min + state.below(tick_ms_span))));
    listening.listener->close();
    for (const auto& subscriber : state.subscribers) subscriber->connection->close();
    for (Instance* instance : state.instances()) {
        instance->commands.disconnect();
        instance->hellos.disconnect();
    }
    state.tasks.cancel();
    state.tasks.join();
}

}  // namespace conclave::servers::redis
