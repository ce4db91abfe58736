#include "tooz_drivers.hpp"

#include <filesystem>

#include "../backend.hpp"
#include "file_driver.hpp"
#include "redis_driver.hpp"

namespace conclave::tooz {

using scenarios::seconds_option;

namespace {

constexpr Duration redis_timeout = std::chrono::seconds(30);
constexpr Duration file_timeout = std::chrono::seconds(10);

Endpoint endpoint_of(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    return {
        text.substr(0, colon), static_cast<std::uint16_t>(std::stoi(text.substr(colon + 1))), {}};
}

std::unique_ptr<Driver> make_redis(Runtime& runtime, const Url& url, const std::string& member_id,
                                   const Options& options) {
    const Duration timeout = seconds_option(options, "timeout", redis_timeout);
    RedisPlace place{{url.host, url.port, {}}, {}, {}, timeout};
    if (const auto master = options.find("sentinel"); master != options.end()) {
        place.master_name = master->second;
        place.sentinels.push_back(place.server);
        const auto [begin, end] = options.equal_range("sentinel_fallback");
        for (auto each = begin; each != end; ++each)
            place.sentinels.push_back(endpoint_of(each->second));
    }
    return std::make_unique<RedisDriver>(
        runtime, std::move(place),
        RedisTimes{seconds_option(options, "lock_timeout", timeout),
                   seconds_option(options, "membership_timeout", timeout)},
        member_id);
}

/// One for each process, for as long as any of its drivers lives.
class Processes {
public:
    std::shared_ptr<ProcessLocks> of(Runtime& runtime) {
        std::erase_if(known_, [](const auto& each) { return each.expired(); });
        for (const std::weak_ptr<ProcessLocks>& each : known_)
            if (std::shared_ptr<ProcessLocks> process = each.lock(); process->is_of(runtime))
                return process;
        const auto process = std::make_shared<ProcessLocks>(runtime);
        known_.push_back(process);
        return process;
    }

private:
    std::vector<std::weak_ptr<ProcessLocks>> known_;
};

std::string absolute(const std::string& path) {
    std::string normal = std::filesystem::path(path).lexically_normal().generic_string();
    if (normal.size() > 1 && normal.back() == '/') normal.pop_back();
    return normal;
}

}  // namespace

void add_drivers(DriverRegistry& registry) {
    const std::string prefix = scheme_prefix;
    registry.add(prefix + "redis", make_redis);
    registry.add(prefix + "file",
                 [processes = std::make_shared<Processes>()](
                     Runtime& runtime, const Url& url, const std::string& member_id,
                     const Options& options) -> std::unique_ptr<Driver> {
                     // Ours besides: shorter than `timeout` where a scenario says so.
                     const Duration timeout =
                         seconds_option(options, "membership_timeout",
                                        seconds_option(options, "timeout", file_timeout));
                     return std::make_unique<FileDriver>(runtime, processes->of(runtime),
                                                         absolute(url.path), timeout, member_id);
                 });
}

}  // namespace conclave::tooz
