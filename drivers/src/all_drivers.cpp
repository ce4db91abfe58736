#include "conclave/drivers/all_drivers.hpp"

#include "../redis/driver/redis_driver.hpp"

namespace conclave {

namespace {

std::unique_ptr<Driver> make_redis(Runtime& runtime, const Url& url, const std::string& member_id,
                                   const Options& options) {
    return std::make_unique<redis::RedisDriver>(runtime, redis::parse_driver_options(url, options),
                                                member_id);
}

}  // namespace

DriverRegistry all_drivers() {
    DriverRegistry registry;
    registry.add("redis", make_redis);
    registry.add("rediss", make_redis);
    return registry;
}

}  // namespace conclave
