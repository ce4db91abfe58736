#include "redis_driver.hpp"

#include <algorithm>

namespace conclave::tooz {

RedisDriver::RedisDriver(Runtime& runtime, RedisPlace place, RedisTimes times,
                         const std::string& member_id)
    : BeatingDriver(runtime),
      redis_(runtime, std::move(place)),
      times_(times),
      member_id_(member_id),
      locks_(runtime, redis_, times.lock),
      groups_(redis_, member_id),
      elections_(locks_) {}

void RedisDriver::start(Deadline deadline) {
    translated([&] { return redis_.call({"INFO"}, Effect::none, deadline); });
}

Duration RedisDriver::beat(Deadline deadline) {
    const auto length = std::chrono::duration_cast<std::chrono::milliseconds>(times_.membership);
    translated([&] {
        return redis_.call({"PSETEX", RedisGroups::beat_key(member_id_),
                            std::to_string(length.count()), "Not dead!"},
                           Effect::unknown, deadline);
    });
    locks_.heartbeat(deadline);
    return std::min(times_.lock, times_.membership);
}

void RedisDriver::stop(Deadline deadline) {
    heart_.stop();
    locks_.release_all(deadline);
    try {
        redis_.call({"DEL", RedisGroups::beat_key(member_id_)}, Effect::unknown, deadline);
    } catch (const Error&) {
    }
    redis_.disconnect();
}

Claims RedisDriver::claims() const {
    return {
        {Characteristic::distributed_across_threads, Characteristic::distributed_across_processes,
         Characteristic::distributed_across_hosts, Characteristic::causal},
        {}};
}

}  // namespace conclave::tooz
