#include "engine/pubsub.hpp"

#include <algorithm>
#include <string>

#include "engine/call.hpp"
#include "engine/commands.hpp"
#include "engine/text.hpp"

namespace conclave::servers::redis {

namespace {

using Listeners = std::map<std::string, std::vector<Session*>, std::less<>>;

void remove_listener(Listeners& listeners, std::string_view name, Session& session) {
    const auto found = listeners.find(name);
    if (found == listeners.end()) return;
    std::erase(found->second, &session);
    if (found->second.empty()) listeners.erase(found);
}

void confirm(Call& call, std::string_view kind, const std::string_view* name) {
    const Session& session = call.session;
    call.reply.push(3);
    call.reply.bulk(kind);
    if (name) call.reply.bulk(*name);
    else call.reply.null();
    call.reply.integer(
        static_cast<std::int64_t>(session.channels.size() + session.patterns.size()));
}

}  // namespace

void PubSubCommands::subscribe(Call& call, bool pattern) {
    Session::Names& names = pattern ? call.session.patterns : call.session.channels;
    Listeners& listeners = pattern ? call.engine.patterns_ : call.engine.channels_;
    for (std::string_view name : call.arguments.subspan(1)) {
        if (names.emplace(name).second) {
            auto found = listeners.find(name);
            if (found == listeners.end())
                found = listeners.emplace(name, std::vector<Session*>()).first;
            found->second.push_back(&call.session);
        }
        confirm(call, pattern ? "psubscribe" : "subscribe", &name);
    }
}

void PubSubCommands::unsubscribe(Call& call, bool pattern) {
    Session::Names& names = pattern ? call.session.patterns : call.session.channels;
    Listeners& listeners = pattern ? call.engine.patterns_ : call.engine.channels_;
    const std::string_view kind = pattern ? "punsubscribe" : "unsubscribe";
    const Session::Names all = call.size() == 1 ? names : Session::Names();
    std::vector<std::string_view> leaving(call.arguments.begin() + 1, call.arguments.end());
    leaving.insert(leaving.end(), all.begin(), all.end());
    for (std::string_view name : leaving) {
        const auto found = names.find(name);
        if (found != names.end()) {
            remove_listener(listeners, name, call.session);
            names.erase(found);
        }
        confirm(call, kind, &name);
    }
    if (leaving.empty()) confirm(call, kind, nullptr);
}

std::int64_t PubSubCommands::deliver(Engine& engine, Session* sender, std::string_view channel,
                                     std::string_view message) {
    std::int64_t receivers = 0;
    const auto send = [&](Session& listener, const std::string* pattern) {
        ReplyWriter out(listener.output, listener.protocol);
        out.push(pattern ? 4 : 3);
        out.bulk(pattern ? "pmessage" : "message");
        if (pattern) out.bulk(*pattern);
        out.bulk(channel);
        out.bulk(message);
        ++receivers;
        if (&listener != sender) engine.supervisor_.wake(listener);
    };
    if (const auto found = engine.channels_.find(channel); found != engine.channels_.end())
        for (Session* listener : found->second) send(*listener, nullptr);
    for (const auto& [pattern, listeners] : engine.patterns_)
        if (glob_match(pattern, channel))
            for (Session* listener : listeners) send(*listener, &pattern);
    return receivers;
}

void PubSubCommands::publish(Call& call) {
    call.reply.integer(publish(call.engine, call.session, call.argument(1), call.argument(2)));
}

std::int64_t PubSubCommands::publish(Engine& engine, Session& sender, std::string_view channel,
                                     std::string_view message) {
    const std::int64_t receivers = deliver(engine, &sender, channel, message);
    // Replicas have subscribers too.
    const std::string_view words[] = {"PUBLISH", channel, message};
    engine.propagate(sender.database, words);
    return receivers;
}

void PubSubCommands::numsub(Call& call) {
    call.reply.array((call.size() - 2) * 2);
    for (std::string_view name : call.arguments.subspan(2)) {
        const auto found = call.engine.channels_.find(name);
        call.reply.bulk(name);
        call.reply.integer(found == call.engine.channels_.end()
                               ? 0
                               : static_cast<std::int64_t>(found->second.size()));
    }
}

void PubSubCommands::numpat(Call& call) {
    call.reply.integer(static_cast<std::int64_t>(call.engine.patterns_.size()));
}

void PubSubCommands::channels(Call& call) {
    std::vector<std::string_view> names;
    for (const auto& [name, listeners] : call.engine.channels_)
        if (call.size() == 2 || glob_match(call.argument(2), name)) names.push_back(name);
    call.reply.array(names.size());
    for (std::string_view name : names) call.reply.bulk(name);
}

void PubSubCommands::leave_all(Engine& engine, Session& session) {
    for (const std::string& name : session.channels)
        remove_listener(engine.channels_, name, session);
    for (const std::string& name : session.patterns)
        remove_listener(engine.patterns_, name, session);
    session.channels.clear();
    session.patterns.clear();
}

namespace commands {
void subscribe(Call& call) { PubSubCommands::subscribe(call, false); }
void psubscribe(Call& call) { PubSubCommands::subscribe(call, true); }
void unsubscribe(Call& call) { PubSubCommands::unsubscribe(call, false); }
void punsubscribe(Call& call) { PubSubCommands::unsubscribe(call, true); }
void publish(Call& call) { PubSubCommands::publish(call); }
void pubsub_numsub(Call& call) { PubSubCommands::numsub(call); }
void pubsub_numpat(Call& call) { PubSubCommands::numpat(call); }
void pubsub_channels(Call& call) { PubSubCommands::channels(call); }
}  // namespace commands

}  // namespace conclave::servers::redis
