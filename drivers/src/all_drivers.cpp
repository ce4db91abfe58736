#include "conclave/drivers/all_drivers.hpp"

#include "../file/driver/file_driver.hpp"
#include "../redis/driver/redis_driver.hpp"

namespace conclave {

namespace {

std::unique_ptr<Driver> make_redis(Runtime& runtime, const Url& url, const std::string& member_id,
                                   const Options& options) {
    return std::make_unique<redis::RedisDriver>(runtime, redis::parse_driver_options(url, options),
                                                member_id);
}

std::unique_ptr<Driver> make_file(Runtime& runtime, const Url& url, const std::string& member_id,
                                  const Options& options) {
    return std::make_unique<file::FileDriver>(runtime, file::parse_file_options(url, options),
                                              member_id);
}

}  // namespace

DriverRegistry all_drivers() {
    DriverRegistry registry;
    registry.add("file", make_file);
    registry.add("redis", make_redis);
    registry.add("rediss", make_redis);
    return registry;
}

}  // namespace conclave
