#include "model_side.hpp"

#include "command_generator.hpp"

namespace conclave::conformance {

using namespace servers::redis;

/// A lone server: nothing around the engine has anything to do.
struct ModelSide::Nobody : Supervisor {
    void follow(const Endpoint*) override {}
    void write_config() override {}
    void kill(Session&) override {}
    void wake(Session&) override {}
    void pause(std::int64_t, bool) override {}
};

ModelSide::ModelSide()
    : supervisor_(std::make_shared<Nobody>()),
      engine_(std::make_unique<Engine>(EngineOptions{}, *supervisor_)) {
    for (Session& session : sessions_) {
        session.id = static_cast<std::uint64_t>(&session - sessions_) + 1;
        engine_->connected(session);
    }
}

std::string ModelSide::exchange(int connection, const std::vector<std::string>& words,
                                std::int64_t now) {
    Session& session = sessions_[connection];
    const std::vector<std::string_view> arguments(words.begin(), words.end());
    engine_->execute(session, arguments, now);
    std::string replies;
    replies.swap(session.output);
    return replies;
}

std::uint64_t ModelSide::expired(std::int64_t now) const {
    std::uint64_t count = 0;
    for (const char* key : CommandGenerator::keys) {
        const Entry* const entry = engine_->peek(0, key);
        count += entry && entry->expired(now) ? 1 : 0;
    }
    return count;
}

}  // namespace conclave::conformance
