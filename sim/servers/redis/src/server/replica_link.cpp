#include "server/replica_link.hpp"

#include <array>

#include "engine/numbers.hpp"
#include "engine/reply_writer.hpp"
#include "engine/text.hpp"
#include "server/server_state.hpp"

namespace conclave::servers::redis {

using namespace std::chrono_literals;

namespace {
constexpr Duration replication_timeout = 60s;  // repl-timeout
constexpr Duration period = 1s;                // of replicationCron(): retries, acknowledgements
constexpr std::size_t snapshot_bytes_max = 256 * 1024 * 1024;
}  // namespace

ReplicaLink::ReplicaLink(ServerState& server, std::uint64_t generation)
    : server_(server), generation_(generation) {
    session_.kind = Session::Kind::master;
    session_.id = ++server.last_client_id;
    server_.engine.connected(session_);
}

ReplicaLink::~ReplicaLink() {
    if (server_.link_connection == connection_.get()) server_.link_connection = nullptr;
    server_.engine.disconnected(session_);
}

bool ReplicaLink::current() const noexcept { return server_.link_generation == generation_; }

void ReplicaLink::run() {
    ReplicationView& view = server_.engine.replication();
    if (server_.wait_for_script() && connect() && handshake() && synchronise()) follow_stream();
    if (!current()) return;
    if (view.link == ReplicationView::Link::connected)
        server_.report("redis.replica_link_down", to_string(view.master));
    if (view.link_down_since == 0 || view.link == ReplicationView::Link::connected)
        view.link_down_since = server_.wall_ms();
    view.link = ReplicationView::Link::connect;
}

bool ReplicaLink::connect() {
    ReplicationView& view = server_.engine.replication();
    view.link = ReplicationView::Link::connecting;
    Connected connected = server_.runtime.network.connect(
        view.master, server_.runtime.after(replication_timeout));
    if (connected.status != IoStatus::ok || !current()) return false;
    connection_ = std::move(connected.connection);
    server_.link_connection = connection_.get();
    return true;
}

bool ReplicaLink::send(std::initializer_list<std::string_view> words) {
    std::string request;
    append_request(request, words);
    return connection_->write_all(request, server_.runtime.after(replication_timeout)).ok() &&
           current();
}

bool ReplicaLink::read_more(Deadline deadline) {
    std::array<char, 16 * 1024> bytes;
    const IoResult read = connection_->read_some(bytes, deadline);
    if (!read.ok() || !current()) return false;
    buffer_.append(bytes.data(), read.bytes);
    server_.engine.replication().last_heard = server_.wall_ms();
    return true;
}

bool ReplicaLink::read_line(std::string& line) {
    constexpr std::size_t line_bytes_max = 1024;
    std::size_t end = 0;
    while ((end = buffer_.find('\n')) == std::string::npos) {
        if (buffer_.size() > line_bytes_max) return false;
        if (!read_more(server_.runtime.after(replication_timeout))) return false;
    }
    line = buffer_.substr(0, end);
    if (line.ends_with('\r')) line.pop_back();
    buffer_.erase(0, end + 1);
    return true;
}

bool ReplicaLink::expect(std::initializer_list<std::string_view> words, std::string_view prefix) {
    std::string line;
    return send(words) && read_line(line) && line.starts_with(prefix);
}

bool ReplicaLink::handshake() {
    const ServerOptions& options = server_.options;
    if (!options.password.empty() && !expect({"AUTH", options.password}, "+")) return false;
    return expect({"PING"}, "+PONG") &&
           expect({"REPLCONF", "listening-port", std::to_string(options.port)}, "+") &&
           (options.host.empty() || expect({"REPLCONF", "ip-address", options.host}, "+")) &&
           expect({"REPLCONF", "capa", "eof", "capa", "psync2"}, "+");
}

bool ReplicaLink::synchronise() {
    ReplicationView& view = server_.engine.replication();
    view.link = ReplicationView::Link::sync;
    // Without a history of its own it cannot ask for a part.
    const bool history = view.offset > 0;
    const std::string offset = history ? std::to_string(view.offset + 1) : "-1";
    std::string line;
    if (!send({"PSYNC", history ? view.id : "?", offset}) || !read_line(line)) return false;
    if (line.starts_with("+CONTINUE")) {
        continue_history(line.size() > 10 ? line.substr(10) : view.id);
    } else if (line.starts_with("+FULLRESYNC ") && line.size() > 53) {
        const auto start = parse_integer(std::string_view(line).substr(53));
        if (!start || !load_snapshot(line.substr(12, 40), *start)) return false;
    } else {
        return false;
    }
    view.link = ReplicationView::Link::connected;
    view.link_down_since = 0;
    return true;
}

void ReplicaLink::continue_history(const std::string& id) {
    ReplicationView& view = server_.engine.replication();
    if (id != view.id) {
        view.second_id = view.id;
        view.second_offset = view.offset + 1;
        view.id = id;
        server_.drop_replicas();
    }
    if (view.backlog) return;
    view.backlog = true;
    view.backlog_start = view.offset;
}

bool ReplicaLink::load_snapshot(const std::string& id, std::int64_t offset) {
    std::string header;
    if (!read_line(header) || !header.starts_with('$')) return false;
    const auto length = parse_integer(std::string_view(header).substr(1));
    if (!length || *length < 0 || static_cast<std::size_t>(*length) > snapshot_bytes_max)
        return false;
    const auto size = static_cast<std::size_t>(*length);
    while (buffer_.size() < size)
        if (!read_more(server_.runtime.after(replication_timeout))) return false;
    ReplicationView& view = server_.engine.replication();
    // The old data set goes: what was acknowledged here alone is lost for good.
    server_.drop_replicas();
    server_.engine.clear_data();
    RequestReader snapshot;
    snapshot.feed(std::string_view(buffer_).substr(0, size));
    Arguments arguments;
    while (snapshot.next(arguments) == RequestReader::Next::request) {
        server_.engine.execute(session_, arguments, server_.wall_ms());
        session_.output.clear();
    }
    if (server_.options.append_fsync != AppendFsync::off) {
        server_.disk->file.clear();
        server_.disk->durable = 0;
        server_.unwritten.clear();
        server_.append(std::string_view(buffer_).substr(0, size));
    }
    buffer_.erase(0, size);
    session_.database = 0;
    view.id = id;
    view.second_id = std::string(40, '0');
    view.second_offset = -1;
    view.offset = view.backlog_start = offset;
    view.backlog = true;
    server_.backlog.clear();
    view.backlog_size = 0;
    return true;
}

void ReplicaLink::follow_stream() {
    Runtime& runtime = server_.runtime;
    Deadline next_acknowledgement = runtime.after(Duration::zero());
    Deadline silence = runtime.after(replication_timeout);
    // While a script runs here the stream waits, and nothing is acknowledged.
    while (server_.wait_for_script() && current()) {
        if (next_acknowledgement.passed(runtime.clock.now())) {
            if (!send_acknowledgement()) return;
            next_acknowledgement = runtime.after(period);
        }
        reader_.feed(buffer_);
        buffer_.clear();
        if (!apply_stream()) return;
        std::array<char, 16 * 1024> bytes;
        const IoResult read = connection_->read_some(bytes, next_acknowledgement);
        if (read.status == IoStatus::timed_out && !silence.passed(runtime.clock.now())) continue;
        if (!read.ok()) return;
        buffer_.append(bytes.data(), read.bytes);
        silence = runtime.after(replication_timeout);
        server_.engine.replication().last_heard = server_.wall_ms();
    }
}

bool ReplicaLink::send_acknowledgement() {
    return send({"REPLCONF", "ACK", std::to_string(server_.engine.replication().offset)});
}

void ReplicaLink::pass_on() {
    server_.engine.replication().offset += static_cast<std::int64_t>(applied_.size());
    server_.append(applied_);
    server_.send_to_replicas(applied_);
    applied_.clear();
}

bool ReplicaLink::apply_stream() {
    Arguments arguments;
    while (current()) {
        const RequestReader::Next next = reader_.next(arguments);
        if (next != RequestReader::Next::request) return next == RequestReader::Next::need_more;
        server_.engine.execute(session_, arguments, server_.wall_ms());
        session_.output.clear();
        applied_ += reader_.raw();
        // A transaction counts when it is complete: a link that breaks inside it asks for all of it.
        if (!session_.transaction) pass_on();
        const bool asked = arguments.size() == 3 && equal_ignoring_case(arguments[0], "REPLCONF") &&
                           equal_ignoring_case(arguments[1], "GETACK");
        if (asked && !send_acknowledgement()) return false;
    }
    return false;
}

void ServerState::start_link() {
    const std::uint64_t generation = link_generation;
    tasks.spawn([this, generation] {
        while (link_generation == generation) {
            ReplicaLink(*this, generation).run();
            if (!sleep_for(runtime, period)) return;
        }
    });
}

void ServerState::become_master() {
    ReplicationView& view = engine.replication();
    view.replica = false;
    // Replicas of the same history may go on with us from here: PSYNC2.
    view.second_id = view.id;
    view.second_offset = view.offset + 1;
    view.id = new_id();
    drop_replicas();
    engine.forget_stream_database();
    update_feeding();
    if (engine.volatile_keys() != 0) expiry_set.set();
    report("redis.promoted", to_string(Endpoint{options.host, options.port, {}}));
}

void ServerState::follow(const Endpoint* master) {
    ReplicationView& view = engine.replication();
    ++link_generation;
    // Its fiber wakes with `closed` and ends itself.
    if (link_connection) link_connection->close();
    link_connection = nullptr;
    if (!master) return become_master();
    if (!view.replica)
        report("redis.demoted", to_string(Endpoint{options.host, options.port, {}}));
    view.replica = true;
    view.master = *master;
    view.link = ReplicationView::Link::connect;
    view.link_down_since = wall_ms();
    drop_replicas();
    acknowledged.notify_all();
    update_feeding();
    start_link();
}

}  // namespace conclave::servers::redis
