#include "conclave/servers/redis/sentinel.hpp"

#include "conclave/error.hpp"
#include "sentinel_client.hpp"

namespace conclave::servers::redis {

namespace {

// sentinelTimer runs at hz 10; the real one redraws its hz after each run so that sentinels drift
// apart instead of splitting every vote.
constexpr std::uint64_t tick_ms_min = 91;
constexpr std::uint64_t tick_ms_span = 10;

}  // namespace

void Sentinel::State::observe(std::string_view name, const std::string& detail) const {
    runtime.observer.event({Event::Severity::info, "redis.sentinel", name, detail});
}

Sentinel::Sentinel(Runtime& runtime, SentinelOptions options, std::shared_ptr<SentinelFile> file)
    : state_(std::make_unique<State>(runtime, std::move(options), std::move(file))) {}

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
            const auto served =
                std::make_shared<SentinelClient>(state, std::move(client.connection));
            state.tasks.spawn([served] { served->read(); });
            state.tasks.spawn([served] { served->write(); });
        }
    });
    do {
        state.tick();
    } while (sleep_for(state.runtime, std::chrono::milliseconds(
                                          tick_ms_min + state.below(tick_ms_span))));
    listening.listener->close();
    for (const auto& [id, client] : state.clients) client->close();
    for (Instance* instance : state.instances()) {
        instance->commands.disconnect();
        instance->hellos.disconnect();
    }
    state.tasks.cancel();
    state.tasks.join();
}

}  // namespace conclave::servers::redis
