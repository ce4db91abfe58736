// What outlives the process: rewritten and synced at every change, as sentinelFlushConfig() does.

#include "state.hpp"

namespace conclave::servers::redis {

namespace {

std::string random_id(Random& random) {
    constexpr char digits[] = "0123456789abcdef";
    std::string id;
    while (id.size() < 40) {
        std::uint64_t bits = random.next();
        for (int i = 0; i < 8; ++i, bits >>= 4) id += digits[bits & 15];
    }
    return id;
}

EngineOptions engine_options(Runtime& runtime, const SentinelOptions& options) {
    EngineOptions result;
    result.port = options.listen.port;
    result.run_id = random_id(runtime.random);
    result.sentinel = true;
    return result;
}

}  // namespace

Sentinel::State::State(Runtime& runtime_in, SentinelOptions options_in,
                       std::shared_ptr<SentinelFile> file_in)
    : runtime(runtime_in),
      options(std::move(options_in)),
      file(file_in ? std::move(file_in) : std::make_shared<SentinelFile>()),
      engine(engine_options(runtime, options), *this),
      tasks(runtime_in.scheduler) {
    if (file->id.empty()) file->id = random_id(runtime.random);
    // Copies: what is added is written down again.
    const SentinelFile kept = *file;
    master = std::make_unique<Instance>(runtime, tasks, InstanceKind::master,
                                        kept.master.value_or(options.master));
    for (const Endpoint& replica : kept.replicas) add_replica(replica);
    for (const auto& [id, endpoint] : kept.peers) add_peer(id, endpoint);
}

void Sentinel::State::write_down() {
    file->master = current_master();
    file->replicas.clear();
    // A promoted replica is the master already, and the old master a replica.
    for (const auto& [endpoint, replica] : replicas)
        file->replicas.push_back(endpoint == *file->master ? master->endpoint : endpoint);
    file->peers.clear();
    for (const auto& [id, peer] : peers) file->peers.emplace(id, peer->endpoint);
}

void Sentinel::State::advance_epoch(std::uint64_t epoch) {
    if (epoch <= file->current_epoch) return;
    file->current_epoch = epoch;
    tell("+new-epoch", std::to_string(epoch));
}

}  // namespace conclave::servers::redis
