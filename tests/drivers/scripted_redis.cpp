#include "scripted_redis.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <stdexcept>

namespace conclave::testing {

void ScriptedRedis::add_server(const std::string& name, Behaviour behave) {
    servers_.push_back(
        std::make_unique<Server>(Server{name, std::move(behave), &world_.add_host(name), {}, 0}));
    Server& server = *servers_.back();
    world_.add_process(*server.host, name,
                       [&server](sim::Process& process) { serve(process, server); });
}

void ScriptedRedis::run(const std::function<void(Runtime&)>& body) {
    bool ended = false;
    std::exception_ptr thrown;
    world_.add_process(client_host_, "client " + std::to_string(++runs_),
                       [&](sim::Process& process) {
                           try {
                               body(process.runtime());
                           } catch (const std::exception&) {
                               thrown = std::current_exception();
                           }
                           ended = true;
                       });
    const sim::WorldTime limit{world_.now().nanoseconds + 60'000'000'000};
    world_.run_while([&] { return !ended; }, limit);
    if (thrown) std::rethrow_exception(thrown);
    EXPECT_TRUE(ended) << "the client did not come to an end";
}

ScriptedRedis::Server& ScriptedRedis::find(const std::string& name) {
    for (const auto& server : servers_)
        if (server->name == name) return *server;
    throw std::invalid_argument("no server " + name);
}

void ScriptedRedis::serve(sim::Process& process, Server& server) {
    Listening listening = process.runtime().network.listen({{}, 6379, {}});
    for (;;) {
        Connected accepted = listening.listener->accept(Deadline::never());
        if (accepted.status != IoStatus::ok) return;
        ++server.connections;
        process.tasks().spawn([&server, connection = std::move(accepted.connection)] {
            converse(*connection, server);
        });
    }
}

void ScriptedRedis::converse(Connection& connection, Server& server) {
    resp::Reader reader;
    char buffer[4096];
    for (;;) {
        const IoResult read = connection.read_some(buffer, Deadline::never());
        if (!read.ok()) return;
        reader.feed({buffer, read.bytes});
        resp::Reply command;
        while (reader.next(command) == resp::Decode::message) {
            Words words;
            std::string joined;
            for (const resp::Reply& word : command.elements) {
                words.push_back(word.text);
                joined += (joined.empty() ? "" : " ") + word.text;
            }
            server.commands.push_back(joined);
            const Reaction reaction = server.behave(words);
            if (!connection.write_all(reaction.bytes, Deadline::never()).ok()) return;
            if (reaction.close) return connection.close();
        }
    }
}

}  // namespace conclave::testing
