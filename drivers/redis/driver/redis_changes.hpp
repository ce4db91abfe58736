#pragma once

// Changes on Redis: what the scripts of push=on publish, on the channel named like the object's
// key. A lease that lapses is told by nobody, nor what processes without push=on do. Part of
// RedisDriver.

#include "../client/subscriber.hpp"
#include "conclave/driver.hpp"
#include "driver_options.hpp"
#include "keys.hpp"

namespace conclave::redis {

class RedisChanges final : public Changes {
public:
    RedisChanges(Subscriber& subscriber, const Keys& keys, const DriverOptions& options)
        : subscriber_(subscriber), keys_(keys), options_(options) {}

    /// With peers=mixed never told(): tooz's processes publish nothing.
    std::unique_ptr<Interest> follow(Kind kind, const std::string& name,
                                     std::function<void()> changed) override;

private:
    std::string channel(Kind kind, const std::string& name) const;

    Subscriber& subscriber_;
    const Keys& keys_;
    const DriverOptions& options_;
};

}  // namespace conclave::redis
