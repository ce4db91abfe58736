#pragma once

// A process of Debian's python3-tooz, driven over its standard input and output.

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "live/fixture/child_process.hpp"

namespace conclave::interop {

class ToozPeer {
public:
    /// Starts the process and its coordinator at the server on `port`.
    ToozPeer(int port, const std::string& member_id)
        : ToozPeer("redis://127.0.0.1:" + std::to_string(port), member_id, port) {}
    /// The same at any backend; the ledger of the critical section needs a Redis on `ledger_port`.
    ToozPeer(const std::string& url, const std::string& member_id, int ledger_port = 0)
        : process_({.arguments = {"/usr/bin/python3", CONCLAVE_TOOZ_PEER}, .piped = true}) {
        call("start", {{"url", url}, {"member", member_id}, {"port", ledger_port}});
    }
    /// Ends the process without a farewell.
    void kill() noexcept { process_.kill(); }

    /// Calls a method of the script's Peer. Throws std::runtime_error when tooz threw.
    nlohmann::json call(const std::string& method,
                        const nlohmann::json& arguments = nlohmann::json::object()) {
        begin(method, arguments);
        return finish();
    }

    /// The class of the exception that tooz throws; empty when it throws none.
    std::string refusal(const std::string& method, const nlohmann::json& arguments) {
        begin(method, arguments);
        return nlohmann::json::parse(process_.read_line()).value("error", "");
    }

    /// The two halves of call(): between them the peer is busy, for example waiting for a lock.
    void begin(const std::string& method, nlohmann::json arguments) {
        arguments["do"] = method;
        process_.write_line(arguments.dump());
    }
    nlohmann::json finish() {
        const nlohmann::json answer = nlohmann::json::parse(process_.read_line());
        if (answer.contains("error")) throw std::runtime_error("tooz: " + answer.dump());
        return answer.at("ok");
    }

private:
    live::ChildProcess process_;
};

}  // namespace conclave::interop
