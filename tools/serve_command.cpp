#include "serve_command.hpp"

#include <iostream>

#include "conclave/asio_runtime.hpp"
#include "conclave/servers/redis/server.hpp"

namespace conclave::tool {

namespace {
int serve(const ServeArguments& arguments) {
    namespace redis = servers::redis;
    redis::ServerOptions options;
    options.host = "127.0.0.1";
    options.port = arguments.port;
    std::cout << "serving a simulated redis on 127.0.0.1:" << arguments.port << std::endl;
    run_on_this_thread([&](Runtime& runtime) {
        redis::Server(runtime, options, std::make_shared<redis::Disk>()).run();
    });
    return 0;
}
}  // namespace

void add_serve(CLI::App& app, ServeArguments& arguments, std::function<int()>& verb) {
    CLI::App* command = app.add_subcommand("serve", "Serve a simulated server on a loopback port");
    command->add_option("backend", arguments.backend)->required()->check(CLI::IsMember({"redis"}));
    command->add_option("--port", arguments.port)->required()->check(CLI::Range(1, 65535));
    command->callback([&] { verb = [&] { return serve(arguments); }; });
}

}  // namespace conclave::tool
