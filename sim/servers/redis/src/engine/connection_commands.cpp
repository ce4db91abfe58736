// The connection: AUTH HELLO SELECT PING ECHO QUIT RESET CLIENT.
// Source: networking.c, acl.c and server.c of Redis 7.0.15.

#include <algorithm>

#include "engine/commands.hpp"
#include "engine/numbers.hpp"
#include "engine/pubsub.hpp"
#include "engine/server_commands.hpp"
#include "engine/text.hpp"

namespace conclave::servers::redis {

bool ServerCommands::log_in(Engine& engine, Session& session, std::string_view user,
                            std::string_view password) {
    const EngineOptions& options = engine.options_;
    if (user == "default") {
        if (!options.password.empty() && password != options.password) return false;
    } else {
        const auto found = options.users.find(std::string(user));
        if (found == options.users.end() || found->second != password) return false;
    }
    session.authenticated = true;
    session.user = user;
    return true;
}

void ServerCommands::auth(Call& call) {
    if (call.size() > 3) return call.reply.error(errors::syntax);
    if (call.size() == 2 && call.engine.options_.password.empty())
        return call.reply.error(
            "ERR AUTH <password> called without any password configured for the default user. "
            "Are you sure your configuration is correct?");
    const std::string_view user = call.size() == 3 ? call.argument(1) : "default";
    if (!log_in(call.engine, call.session, user, call.argument(call.size() - 1)))
        return call.reply.error(errors::wrong_password);
    call.reply.ok();
}

namespace {

bool valid_name(std::string_view name) {
    return std::all_of(name.begin(), name.end(), [](char c) { return c >= '!' && c <= '~'; });
}

constexpr std::string_view bad_name =
    "ERR Client names cannot contain spaces, newlines or special characters.";

void reply_server(Call& call) {
    const bool sentinel = call.engine.options().sentinel;
    call.reply.map(sentinel ? 6 : 7);
    call.reply.bulk("server");
    call.reply.bulk("redis");
    call.reply.bulk("version");
    call.reply.bulk("7.0.15");
    call.reply.bulk("proto");
    call.reply.integer(call.session.protocol);
    call.reply.bulk("id");
    call.reply.integer(static_cast<std::int64_t>(call.session.id));
    call.reply.bulk("mode");
    call.reply.bulk(sentinel ? "sentinel" : "standalone");
    if (!sentinel) {
        call.reply.bulk("role");
        call.reply.bulk(call.engine.replication().replica ? "replica" : "master");
    }
    call.reply.bulk("modules");
    call.reply.array(0);
}

}  // namespace

void ServerCommands::hello(Call& call) {
    int protocol = call.session.protocol;
    if (call.size() > 1) {
        const auto wanted = parse_integer(call.argument(1));
        if (!wanted)
            return call.reply.error(
                "ERR Protocol version is not an integer or out of range");
        if (*wanted < 2 || *wanted > 3)
            return call.reply.error("NOPROTO unsupported protocol version");
        protocol = static_cast<int>(*wanted);
    }
    for (std::size_t at = 2; at < call.size(); ++at) {
        const std::size_t more = call.size() - at - 1;
        if (equal_ignoring_case(call.argument(at), "AUTH") && more >= 2) {
            if (!log_in(call.engine, call.session, call.argument(at + 1), call.argument(at + 2)))
                return call.reply.error(errors::wrong_password);
            at += 2;
        } else if (equal_ignoring_case(call.argument(at), "SETNAME") && more >= 1) {
            if (!valid_name(call.argument(++at))) return call.reply.error(bad_name);
            call.session.name = call.argument(at);  // kept also when a later option is refused
        } else {
            return call.reply.error("ERR Syntax error in HELLO option '" +
                                    std::string(call.argument(at)) + "'");
        }
    }
    if (!call.session.authenticated)
        return call.reply.error(
            "NOAUTH HELLO must be called with the client already authenticated, otherwise the "
            "HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and "
            "select the RESP protocol version at the same time");
    call.session.protocol = protocol;
    call.reply = ReplyWriter(call.session.output, protocol);
    reply_server(call);
}

void ServerCommands::reset(Call& call) {
    Session& session = call.session;
    forget_watches(call.engine, session);
    session.discard_transaction();
    PubSubCommands::leave_all(call.engine, session);
    session.protocol = 2;
    session.database = 0;
    session.name.clear();
    session.user = "default";
    session.authenticated = call.engine.options_.password.empty();
    call.reply.status("RESET");
}

std::string ServerCommands::describe(const Session& session) {
    const char flag = session.kind == Session::Kind::replica  ? 'S'
                      : session.kind == Session::Kind::master ? 'M'
                      : session.subscribed()                  ? 'P'
                      : session.transaction                   ? 'x'
                                                              : 'N';
    return "id=" + std::to_string(session.id) + " addr=" + session.address +
           " laddr= fd=8 name=" + session.name + " age=0 idle=0 flags=" + flag +
           " db=" + std::to_string(session.database) +
           " sub=" + std::to_string(session.channels.size()) +
           " psub=" + std::to_string(session.patterns.size()) + " ssub=0 multi=" +
           (session.transaction ? std::to_string(session.queued.size()) : std::string("-1")) +
           " qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=1024 rbp=0 obl=0 oll=0 omem=0"
           " tot-mem=0 events=r cmd=NULL user=" + session.user + " redir=-1 resp=" +
           std::to_string(session.protocol) + "\n";
}

void ServerCommands::client_info(Call& call) { call.reply.verbatim(describe(call.session)); }

void ServerCommands::client_list(Call& call) {
    if (call.size() > 2 && (equal_ignoring_case(call.argument(2), "TYPE") ||
                            equal_ignoring_case(call.argument(2), "ID")))
        return call.reply.error("ERR unsupported by the model: a filter of CLIENT LIST");
    if (call.size() > 2) return call.reply.error(errors::syntax);
    std::string text;
    for (const auto& [id, session] : call.engine.sessions_) text += describe(*session);
    call.reply.verbatim(text);
}

namespace {

/// Which clients CLIENT KILL means.
struct KillFilter {
    std::optional<std::int64_t> id;
    std::optional<std::string_view> address;
    std::optional<std::string_view> user;
    std::optional<std::string> type;
    bool skip_me = true;

    bool matches(const Session& session, const Session& caller) const {
        const std::string_view kind = session.kind == Session::Kind::replica  ? "replica"
                                      : session.kind == Session::Kind::master ? "master"
                                      : session.subscribed()                  ? "pubsub"
                                                                              : "normal";
        return (!id || static_cast<std::uint64_t>(*id) == session.id) &&
               (!address || *address == session.address) && (!user || *user == session.user) &&
               (!type || *type == kind) && !(skip_me && &session == &caller);
    }
};

/// False after an error reply.
bool parse_filter(Call& call, KillFilter& filter) {
    for (std::size_t at = 2; at < call.size(); at += 2) {
        const std::string_view option = call.argument(at);
        if (at + 1 == call.size()) return call.reply.error(errors::syntax), false;
        const std::string_view value = call.argument(at + 1);
        if (equal_ignoring_case(option, "ID")) {
            filter.id = parse_integer(value);
            if (!filter.id || *filter.id < 1)
                return call.reply.error("ERR client-id should be greater than 0"), false;
        } else if (equal_ignoring_case(option, "TYPE")) {
            filter.type = lower(value);
            if (*filter.type == "slave") filter.type = "replica";
            if (*filter.type != "normal" && *filter.type != "replica" &&
                *filter.type != "master" && *filter.type != "pubsub")
                return call.reply.error("ERR Unknown client type '" + std::string(value) + "'"),
                       false;
        } else if (equal_ignoring_case(option, "ADDR")) {
            filter.address = value;
        } else if (equal_ignoring_case(option, "USER")) {
            filter.user = value;
            if (value != "default" && !call.engine.options().users.contains(std::string(value)))
                return call.reply.error("ERR No such user '" + std::string(value) + "'"), false;
        } else if (equal_ignoring_case(option, "SKIPME") &&
                   (equal_ignoring_case(value, "yes") || equal_ignoring_case(value, "no"))) {
            filter.skip_me = equal_ignoring_case(value, "yes");
        } else {
            return call.reply.error(errors::syntax), false;
        }
    }
    return true;
}

}  // namespace

void ServerCommands::client_kill(Call& call) {
    KillFilter filter;
    const bool by_address = call.size() == 3;
    if (by_address) {
        filter.address = call.argument(2);
        filter.skip_me = false;
    } else if (!parse_filter(call, filter)) {
        return;
    }
    std::int64_t killed = 0;
    for (const auto& [id, session] : call.engine.sessions_) {
        if (!filter.matches(*session, call.session)) continue;
        ++killed;
        if (session == &call.session) session->close_after_reply = true;
        else call.engine.supervisor_.kill(*session);
    }
    if (!by_address) return call.reply.integer(killed);
    if (killed == 0) return call.reply.error("ERR No such client");
    call.reply.ok();
}

void ServerCommands::client_pause(Call& call) {
    bool writes_only = false;
    if (call.size() > 4)
        return call.reply.error(
            "ERR unknown subcommand or wrong number of arguments for 'pause'. Try CLIENT HELP.");
    if (call.size() == 4) {
        writes_only = equal_ignoring_case(call.argument(3), "WRITE");
        if (!writes_only && !equal_ignoring_case(call.argument(3), "ALL"))
            return call.reply.error("ERR CLIENT PAUSE mode must be WRITE or ALL");
    }
    const auto length = parse_integer(call.argument(2));
    if (!length) return call.reply.error("ERR timeout is not an integer or out of range");
    if (*length < 0) return call.reply.error("ERR timeout is negative");
    call.engine.supervisor_.pause(call.now + *length, writes_only);
    call.reply.ok();
}

void ServerCommands::client_unpause(Call& call) {
    call.engine.supervisor_.pause(0, false);
    call.reply.ok();
}

namespace commands {

void ping(Call& call) {
    if (call.size() > 2) return call.wrong_arity();
    if (call.session.subscribed() && call.session.protocol == 2) {
        call.reply.array(2);
        call.reply.bulk("pong");
        call.reply.bulk(call.size() == 2 ? call.argument(1) : "");
    } else if (call.size() == 2) {
        call.reply.bulk(call.argument(1));
    } else {
        call.reply.status("PONG");
    }
}

void echo(Call& call) { call.reply.bulk(call.argument(1)); }

void select(Call& call) {
    const auto database = call.integer(1);
    if (!database) return;
    if (*database < 0 || *database >= Engine::databases)
        return call.reply.error("ERR DB index is out of range");
    call.session.database = static_cast<int>(*database);
    call.reply.ok();
}

void quit(Call& call) {
    call.session.close_after_reply = true;
    call.reply.ok();
}

void client_setname(Call& call) {
    if (!valid_name(call.argument(2))) return call.reply.error(bad_name);
    call.session.name = call.argument(2);
    call.reply.ok();
}

void client_getname(Call& call) {
    if (call.session.name.empty()) call.reply.null();
    else call.reply.bulk(call.session.name);
}

void client_id(Call& call) { call.reply.integer(static_cast<std::int64_t>(call.session.id)); }

}  // namespace commands

}  // namespace conclave::servers::redis
