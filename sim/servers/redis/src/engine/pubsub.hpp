#pragma once

// Channels and patterns: who listens to what. Messages are appended to the listeners' output.
// Source: pubsub.c of Redis 7.0.15.

#include <string_view>

#include "engine/engine.hpp"

namespace conclave::servers::redis {

class PubSubCommands {
public:
    static void subscribe(Call& call, bool pattern);
    static void unsubscribe(Call& call, bool pattern);
    static void publish(Call& call);
    /// What PUBLISH does, without a reply; returns how many clients received the message.
    static std::int64_t publish(Engine& engine, Session& sender, std::string_view channel,
                                std::string_view message);
    static void numsub(Call& call);
    static void numpat(Call& call);
    static void channels(Call& call);
    /// Ends every subscription of `session` without telling it.
    static void leave_all(Engine& engine, Session& session);
    /// Delivers one message; returns how many clients received it.
    static std::int64_t deliver(Engine& engine, Session* sender, std::string_view channel,
                                std::string_view message);
};

}  // namespace conclave::servers::redis
