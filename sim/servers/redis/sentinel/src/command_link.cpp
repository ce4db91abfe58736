#include <array>

#include "instance.hpp"

namespace conclave::servers::redis {

namespace {
constexpr std::size_t pending_max = 100;  // SENTINEL_MAX_PENDING_COMMANDS
constexpr Duration connect_timeout = std::chrono::seconds(2);
constexpr Duration write_timeout = std::chrono::seconds(10);
}  // namespace

Instance::Instance(Runtime& runtime, TaskGroup& tasks, InstanceKind kind_in, Endpoint endpoint_in)
    : kind(kind_in),
      endpoint(std::move(endpoint_in)),
      commands(runtime, tasks),
      hellos(runtime, tasks),
      reports_master(kind_in == InstanceKind::master) {
    // As createSentinelRedisInstance(): a fresh instance counts as available from now on.
    last_available = last_pong = role_reported_at = runtime.clock.now();
}

template <class Body>
void CommandLink::spawn(Body body) {
    ++fibers_;
    tasks_.spawn([this, body = std::move(body)] {
        body();
        --fibers_;
    });
}

void CommandLink::connect_later(const Endpoint& endpoint, const std::string& password) {
    if (connection_ || connecting_) return;
    connecting_ = true;
    spawn([this, endpoint, password] { run(endpoint, password); });
}

void CommandLink::run(const Endpoint& endpoint, const std::string& password) {
    Connected connected = runtime_.network.connect(endpoint, runtime_.after(connect_timeout));
    connecting_ = false;
    if (connected.status != IoStatus::ok) return;
    const std::shared_ptr<Connection> connection = std::move(connected.connection);
    connection_ = connection;
    connected_at_ = runtime_.clock.now();
    if (!password.empty()) send({"AUTH", password}, {});
    read_replies(connection);
    if (connection_ == connection) disconnect();
}

void CommandLink::read_replies(const std::shared_ptr<Connection>& connection) {
    resp::Reader reader;
    std::array<char, 4096> buffer;
    while (connection_ == connection) {
        const IoResult read = connection->read_some(buffer, Deadline::never());
        if (!read.ok()) return;
        reader.feed({buffer.data(), read.bytes});
        resp::Reply reply;
        resp::Decode decoded;
        while ((decoded = reader.next(reply)) == resp::Decode::message) {
            if (connection_ != connection) return;
            deliver(reply);
        }
        if (decoded == resp::Decode::malformed) return;
    }
}

void CommandLink::deliver(const resp::Reply& reply) {
    if (pending_.empty()) {
        if (push_) push_(reply);
        return;
    }
    const Callback callback = std::move(pending_.front());
    pending_.pop_front();
    if (callback) callback(reply);
}

bool CommandLink::send(std::initializer_list<std::string_view> arguments, Callback callback) {
    if (!connection_ || pending_.size() >= pending_max) return false;
    resp::append_command(outgoing_, std::span(arguments.begin(), arguments.size()));
    pending_.push_back(std::move(callback));
    if (!writing_) {
        writing_ = true;
        spawn([this, connection = connection_] { write_queued(connection); });
    }
    return true;
}

void CommandLink::write_queued(const std::shared_ptr<Connection>& connection) {
    while (connection_ == connection && !outgoing_.empty()) {
        const std::string bytes = std::exchange(outgoing_, {});
        if (!connection->write_all(bytes, runtime_.after(write_timeout)).ok()) break;
    }
    if (connection_ != connection) return;
    writing_ = false;
    if (!outgoing_.empty()) disconnect();
}

void CommandLink::disconnect() noexcept {
    if (connection_) connection_->close();
    connection_.reset();
    pending_.clear();
    outgoing_.clear();
    writing_ = false;
}

}  // namespace conclave::servers::redis
