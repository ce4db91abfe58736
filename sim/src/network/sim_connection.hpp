#pragma once

// A process's handles of what its host's kernel keeps.

#include <memory>

#include "conclave/environment.hpp"
#include "network_state.hpp"

namespace conclave::sim {

class SimConnection final : public Connection {
public:
    SimConnection(ProcessState& process, Socket& socket);
    ~SimConnection() override;
    IoResult read_some(std::span<char> buffer, Deadline deadline) override;
    IoResult write_all(std::string_view bytes, Deadline deadline) override;
    /// Not TLS: both ends exchange a greeting in plain text, so it succeeds exactly when both call
    /// it. Certificates, names and ciphers are not modelled.
    IoResult start_tls(const TlsOptions& options, Deadline deadline) override;
    void close() noexcept override;

    /// Parks until the handshake has ended.
    IoStatus await_connected(Deadline deadline);

private:
    IoResult read(std::span<char> buffer, Deadline deadline);
    IoResult write(std::string_view bytes, Deadline deadline);
    IoResult exchange_greetings(Deadline deadline);

    ProcessState& process_;
    Socket& socket_;
    bool closed_ = false;
};

class SimListener final : public Listener {
public:
    SimListener(ProcessState& process, std::shared_ptr<ListenerState> state)
        : process_(process), state_(std::move(state)) {}
    ~SimListener() override { close(); }
    Connected accept(Deadline deadline) override;
    Endpoint endpoint() const override { return state_->endpoint; }
    void close() noexcept override;

private:
    Connected take(Deadline deadline);

    ProcessState& process_;
    std::shared_ptr<ListenerState> state_;
};

}  // namespace conclave::sim
