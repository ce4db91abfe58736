#pragma once

// Commands about the server and the connection rather than about data, and transactions: they reach
// into the engine itself.

#include "engine/call.hpp"

namespace conclave::servers::redis {

struct ServerCommands {
    static void multi(Call& call);
    static void exec(Call& call);
    static void discard(Call& call);
    static void watch(Call& call);
    static void unwatch(Call& call);

    static void auth(Call& call);
    static void hello(Call& call);
    static void reset(Call& call);
    static void client_list(Call& call);
    static void client_info(Call& call);
    static void client_kill(Call& call);
    static void client_pause(Call& call);
    static void client_unpause(Call& call);

    static void info(Call& call);
    static void role(Call& call);
    static void replicaof(Call& call);
    static void config_rewrite(Call& call);
    static void wait(Call& call);
    static void flush(Call& call, bool all);
    static void keys(Call& call);
    static void scan(Call& call);
    static void eval(Call& call);
    static void evalsha(Call& call);
    static void script_load(Call& call);
    static void script_exists(Call& call);
    static void script_flush(Call& call);
    static void script_kill(Call& call);

private:
    static void forget_watches(Engine& engine, Session& session);
    static bool log_in(Engine& engine, Session& session, std::string_view user,
                       std::string_view password);
    static std::string describe(const Session& session);
};

}  // namespace conclave::servers::redis
