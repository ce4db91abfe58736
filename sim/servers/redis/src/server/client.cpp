#include "server/client.hpp"

#include <array>
#include <utility>

#include "engine/reply_writer.hpp"
#include "server/server_state.hpp"

namespace conclave::servers::redis {

namespace {
constexpr std::size_t read_bytes = 16 * 1024;
constexpr std::size_t flush_bytes = 64 * 1024;           // bounds the output of one pipeline
constexpr std::size_t pushed_bytes_max = 64 * 1024 * 1024;  // client-output-buffer-limit
}  // namespace

Client::Client(ServerState& the_server, std::unique_ptr<Connection> the_connection)
    : server(the_server),
      connection(std::move(the_connection)),
      output_ready_(the_server.runtime.scheduler) {
    session.id = ++server.last_client_id;
    server.engine.connected(session);
    server.clients.emplace(session.id, this);
}

Client::~Client() {
    server.clients.erase(session.id);
    server.replica_gone(session);
    server.engine.disconnected(session);
}

void Client::close() noexcept {
    closed_ = true;
    connection->close();
    output_ready_.set();
}

void Client::serve(const std::shared_ptr<Client>& self) {
    std::string buffer(read_bytes, '\0');
    while (!closed_) {
        const IoResult read = connection->read_some(buffer, Deadline::never());
        if (!read.ok()) break;
        reader_.feed(std::string_view(buffer).substr(0, read.bytes));
        if (!execute_requests(self) || !flush()) break;
    }
    // The last reply of a client that is pushed to is still the writer's to send.
    if (!pushing_ || !closing_) close();
    else output_ready_.set();
}

bool Client::execute_requests(const std::shared_ptr<Client>& self) {
    Arguments arguments;
    while (!closed_) {
        reader_.set_trusted(session.authenticated);
        const RequestReader::Next next = reader_.next(arguments);
        if (next == RequestReader::Next::need_more) return true;
        if (next == RequestReader::Next::malformed) {
            if (!reader_.error().empty())
                ReplyWriter(session.output, session.protocol).error("ERR " + reader_.error());
            closing_ = true;
            flush();
            return false;
        }
        if (!execute(self, arguments)) return false;
        if (session.output.size() > flush_bytes && !flush()) return false;
    }
    return false;
}

bool Client::execute(const std::shared_ptr<Client>& self, Arguments arguments) {
    if (server.options.on_command) server.options.on_command(arguments);
    server.wait_while_paused(session, arguments);
    if (!server.wait_for_script(server.options.busy_reply_threshold)) return false;
    const bool busy = server.script_runs();
    if (busy) server.report("redis.busy", arguments.empty() ? "" : arguments.front());
    server.engine.set_script_running(busy);
    server.engine.execute(session, arguments, server.wall_ms());
    server.absorb_stream();
    if (session.acknowledged) server.acknowledge(session);
    if (session.sync) server.synchronise_replica(self);
    if (session.subscribed()) start_pushing(self);
    if (session.wait && (!flush() || !server.wait_for_replicas(session))) return false;
    if (!session.close_after_reply) return true;
    closing_ = true;
    flush();
    return false;
}

bool Client::flush() {
    if (pushing_) {
        output_added();
        return !closed_;
    }
    if (session.output.empty()) return true;
    // Swapped, so that both buffers keep their memory and nothing is added under the writer.
    writing_.clear();
    writing_.swap(session.output);
    return connection->write_all(writing_, Deadline::never()).ok();
}

void Client::start_pushing(const std::shared_ptr<Client>& self) {
    if (pushing_) return;
    pushing_ = true;
    server.tasks.spawn([self] { self->write_pushed(); });
}

void Client::output_added() {
    if (session.output.size() > pushed_bytes_max) return close();
    if (!session.output.empty()) output_ready_.set();
}

void Client::write_pushed() {
    while (!closed_) {
        if (output_ready_.wait(Deadline::never()) != Wake::notified) return;
        output_ready_.reset();
        writing_.clear();
        writing_.swap(session.output);
        if (!writing_.empty() && !connection->write_all(writing_, Deadline::never()).ok()) break;
        if (closing_ && session.output.empty()) break;
    }
    if (!closed_) close();
}

}  // namespace conclave::servers::redis
