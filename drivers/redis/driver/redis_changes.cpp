#include "redis_changes.hpp"

namespace conclave::redis {

namespace {

class RedisInterest final : public Changes::Interest {
public:
    RedisInterest(Subscriber& subscriber, std::string channel, std::function<void()> changed,
                  bool by_all)
        : subscription_(subscriber, std::move(channel), std::move(changed)), by_all_(by_all) {}

    bool told() const noexcept override { return by_all_ && subscription_.heard_now(); }

private:
    const Subscriber::Subscription subscription_;
    const bool by_all_;  ///< whoever changes something tells it
};

}  // namespace

std::unique_ptr<Changes::Interest> RedisChanges::follow(Kind kind, const std::string& name,
                                                        std::function<void()> changed) {
    return std::make_unique<RedisInterest>(subscriber_, channel(kind, name), std::move(changed),
                                           !options_.mixed_peers);
}

std::string RedisChanges::channel(Kind kind, const std::string& name) const {
    switch (kind) {
        case Kind::lock: return keys_.lock(name);
        case Kind::leadership: return keys_.leader_lock(name);
        case Kind::group: break;
    }
    return keys_.group(name);
}

}  // namespace conclave::redis
