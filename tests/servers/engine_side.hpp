#pragma once

// One engine and a few sessions, driven by the test's own clock.

#include <memory>
#include <string>
#include <vector>

#include "engine/engine.hpp"

namespace conclave::servers::redis {

/// A lone server: notes what the engine asks of the layers around it.
struct NotedSupervisor final : Supervisor {
    void follow(const Endpoint* master) override { followed = master ? master->host : "nobody"; }
    void write_config() override {}
    void kill(Session& session) override { killed.push_back(session.id); }
    void wake(Session& session) override { woken.push_back(session.id); }
    void pause(std::int64_t until, bool) override { paused_until = until; }

    std::string followed;
    std::vector<std::uint64_t> killed;
    std::vector<std::uint64_t> woken;
    std::int64_t paused_until = 0;
};

struct EngineSide {
    explicit EngineSide(EngineOptions options = {}) : engine(std::move(options), supervisor) {
        for (Session* session : {&first, &second}) {
            session->id = session == &first ? 1 : 2;
            engine.connected(*session);
        }
    }

    std::string run(Session& session, const std::vector<std::string>& words) {
        const std::vector<std::string_view> arguments(words.begin(), words.end());
        session.output.clear();
        engine.execute(session, arguments, now);
        return session.output;
    }
    std::string run(const std::vector<std::string>& words) { return run(first, words); }

    NotedSupervisor supervisor;
    Engine engine;
    Session first;
    Session second;
    std::int64_t now = 1'700'000'000'000;
};

}  // namespace conclave::servers::redis
