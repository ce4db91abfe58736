#include "conclave/connect.hpp"

#include "conclave/asio_runtime.hpp"
#include "conclave/drivers/all_drivers.hpp"
#include "conclave/unique_text.hpp"

namespace conclave {

namespace {

detail::DriverFactory driver_factory(const std::string& url, const std::string& member_id,
                                     const Options& options) {
    return [=](Runtime& runtime) { return all_drivers().make(runtime, url, member_id, options); };
}

/// Every driver takes `timeout` in seconds for its leases and memberships.
Options with_ttl(Options options, std::optional<Duration> ttl) {
    if (!ttl || options.contains("timeout")) return options;
    const double seconds = std::chrono::duration<double>(*ttl).count();
    options.emplace("timeout", std::to_string(seconds));
    return options;
}

std::string random_member_id(Gate& gate) {
    std::string id;
    gate.call([&] { id = unique_text(gate.runtime().random); });
    return id;
}

}  // namespace

Client connect(const std::string& url, const ConnectOptions& options) {
    auto runtime = std::make_unique<AsioRuntime>();
    const MemberId member = options.member_id.empty() ? MemberId(random_member_id(runtime->gate()))
                                                      : options.member_id;
    const auto factory =
        driver_factory(url, member.bytes(), with_ttl(options.driver, options.ttl));
    return Client::start(std::move(runtime), factory, member, options.require, options.times);
}

std::shared_ptr<Coordinator> get_coordinator(const std::string& url, const std::string& member_id,
                                             const GetCoordinatorOptions& options) {
    const std::vector<Requirement> requirements(options.characteristics.begin(),
                                                options.characteristics.end());
    return std::make_shared<Coordinator>(std::make_unique<AsioRuntime>(),
                                         driver_factory(url, member_id, options.driver), member_id,
                                         requirements, options.times);
}

}  // namespace conclave
