#include "simulated_redis.hpp"

namespace conclave::servers::redis {

TestClient::TestClient(Runtime& runtime, Endpoint endpoint) : runtime_(runtime) {
    connection_ = runtime.network.connect(endpoint, runtime.after(5s)).connection;
}

void TestClient::send(const std::vector<std::string>& words) {
    std::string request;
    const std::vector<std::string_view> views(words.begin(), words.end());
    resp::append_command(request, views);
    if (connection_) connection_->write_all(request, runtime_.after(5s));
}

resp::Reply TestClient::receive() {
    resp::Reply reply;
    if (!connection_) return resp::error("closed");
    char bytes[4096];
    while (reader_.next(reply) != resp::Decode::message) {
        const IoResult read = connection_->read_some(bytes, runtime_.after(30s));
        if (!read.ok()) return resp::error("closed");
        reader_.feed({bytes, read.bytes});
    }
    return reply;
}

resp::Reply TestClient::command(const std::vector<std::string>& words) {
    send(words);
    return receive();
}

std::string TestClient::raw(std::string_view bytes) {
    connection_->write_all(bytes, runtime_.after(5s));
    std::string answer;
    char buffer[4096];
    while (true) {
        const IoResult read = connection_->read_some(buffer, runtime_.after(5s));
        if (!read.ok()) return answer;
        answer.append(buffer, read.bytes);
    }
}

RedisWorld::RedisWorld(std::uint64_t seed) : world(sim::WorldOptions{.seed = seed}) {}

sim::Process& RedisWorld::add_server(const std::string& name, ServerOptions options,
                                     std::size_t torn) {
    options.host = name;
    auto disk = std::make_shared<Disk>();
    disks_[name] = disk;
    hosts_[name] = &world.add_host(name);
    hosts_[name]->on_power_loss([disk, torn] { disk->lose_power(torn); });
    servers_[name] =
        &world.add_process(
            *hosts_[name], name,
            [this, options, disk, name](sim::Process& process) {
                Server running(process.runtime(), options, disk);
                running_[name] = &running;
                running.run();
            },
            {.observer = &observer_});
    return *servers_[name];
}

void RedisWorld::add_client(double start_seconds, std::function<void(Runtime&)> body) {
    const std::string name = "client" + std::to_string(++clients_);
    hosts_[name] = &world.add_host(name);
    const TimePoint start{Duration(at_seconds(start_seconds).nanoseconds)};
    world.add_process(*hosts_[name], name, [start, body](sim::Process& process) {
        if (sleep_until(process.runtime(), Deadline(start))) body(process.runtime());
    });
}

}  // namespace conclave::servers::redis
