// Gossip: every sentinel tells who it is and which master it believes in, through the pub/sub of
// the servers they all monitor, and to each peer directly.

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "state.hpp"

namespace conclave::servers::redis {

namespace {

/// sentinel_ip,port,run_id,current_epoch,master_name,master_ip,master_port,config_epoch
struct Hello {
    Endpoint sentinel;
    std::string run_id;
    std::uint64_t current_epoch = 0;
    std::string master_name;
    Endpoint master;
    std::uint64_t config_epoch = 0;
};

template <class Number>
bool read_number(std::string_view text, Number& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size();
}

std::optional<Hello> parse_hello(std::string_view text) {
    std::array<std::string_view, 8> fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::size_t comma = text.find(',');
        const bool last = i + 1 == fields.size();
        if ((comma == std::string_view::npos) != last) return std::nullopt;
        fields[i] = text.substr(0, comma);
        if (!last) text.remove_prefix(comma + 1);
    }
    Hello hello{{std::string(fields[0]), 0, {}}, std::string(fields[2]),          0,
                std::string(fields[4]),          {std::string(fields[5]), 0, {}}, 0};
    const bool numbers = read_number(fields[1], hello.sentinel.port) &&
                         read_number(fields[3], hello.current_epoch) &&
                         read_number(fields[6], hello.master.port) &&
                         read_number(fields[7], hello.config_epoch);
    return numbers ? std::optional(std::move(hello)) : std::nullopt;
}

}  // namespace

Endpoint Sentinel::State::current_master() const {
    const bool promoted_already = chosen && failover == Failover::reconfigure_replicas;
    return promoted_already ? chosen->endpoint : master->endpoint;
}

void Sentinel::State::publish_hello(Instance& instance) {
    const Endpoint believed = current_master();
    const std::string text =
        options.listen.host + "," + std::to_string(options.listen.port) + "," + file->id + "," +
        std::to_string(file->current_epoch) + "," + options.master_name + "," + believed.host +
        "," + std::to_string(believed.port) + "," + std::to_string(file->config_epoch);
    if (instance.commands.send({"PUBLISH", "__sentinel__:hello", text}, {}))
        instance.last_publish = now();
}

void Sentinel::State::on_hello(std::string_view text) {
    const std::optional<Hello> hello = parse_hello(text);
    if (!hello || hello->master_name != options.master_name || hello->run_id == file->id) return;
    if (!peers.contains(hello->run_id)) {
        retire_peers_at(hello->sentinel);
        add_peer(hello->run_id, hello->sentinel);
    }
    const Instance& peer = *peers.at(hello->run_id);
    peers.at(hello->run_id)->last_hello = now();
    advance_epoch(hello->current_epoch);
    if (hello->config_epoch <= file->config_epoch) return;
    file->config_epoch = hello->config_epoch;
    if (hello->master == master->endpoint) return;
    tell("+config-update-from", peer);
    switch_master(hello->master);
}

void Sentinel::State::add_peer(const std::string& id, const Endpoint& endpoint) {
    auto peer = std::make_unique<Instance>(runtime, tasks, InstanceKind::sentinel, endpoint);
    peer->run_id = id;
    const Instance& added = *peers.emplace(id, std::move(peer)).first->second;
    write_down();
    tell("+sentinel", added);
}

/// A sentinel that lost its file has a new id at the old address: the old one is gone for good.
void Sentinel::State::retire_peers_at(const Endpoint& endpoint) {
    for (auto peer = peers.begin(); peer != peers.end();) {
        if (peer->second->endpoint != endpoint) {
            ++peer;
            continue;
        }
        peer->second->commands.disconnect();
        retired.push_back(std::move(peer->second));
        peer = peers.erase(peer);
    }
}

}  // namespace conclave::servers::redis
