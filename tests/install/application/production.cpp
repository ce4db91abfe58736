// The exchange over the operating system's sockets, and the drivers that an application finds.

#include <iostream>
#include <stdexcept>
#include <string>

#include "conclave/asio_runtime.hpp"
#include "conclave/conclave.hpp"
#include "conclave/error.hpp"
#include "exchange.hpp"

namespace {

void exchange(conclave::Runtime& runtime) {
    conclave::Listening listening = runtime.network.listen({.host = "127.0.0.1", .port = 0});
    if (listening.status != conclave::IoStatus::ok) throw std::runtime_error("cannot listen");
    conclave::TaskGroup server(runtime.scheduler);
    server.spawn([&] { serve_one(*listening.listener); });
    const std::string answer = ask(runtime, listening.listener->endpoint(), "hello");
    server.join();
    std::cout << "answer: " << answer << '\n';
    if (answer != "hello") throw std::runtime_error("a wrong answer");
}

}  // namespace

int main() {
    conclave::run_on_this_thread(exchange);
    try {
        conclave::get_coordinator("unknown://host", "member");
    } catch (const conclave::BadOption& error) {
        std::cout << error.what() << '\n';
        return 0;
    }
    return 1;
}
