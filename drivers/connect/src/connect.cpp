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

/// Every driver takes `timeout` in seconds for its leases and memberships; what the URL says of one of
/// them alone would win over it.
Options with_ttl(const std::string& url, const ConnectOptions& given) {
    Options options = given.driver;
    if (!given.ttl) return options;
    const Options query = parse_url(url).query;
    for (const char* const name : {"timeout", "lock_timeout", "membership_timeout"}) {
        const bool meant = name == std::string_view("timeout") || query.contains(name);
        if (meant && !given.driver.contains(name)) options.emplace(name, seconds_text(*given.ttl));
    }
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
        driver_factory(url, member.bytes(), with_ttl(url, options));
    return Client::start(std::move(runtime), factory, member, options.require, options.times);
}

Result<Client> try_connect(const std::string& url, const ConnectOptions& options) {
    return attempt([&] { return connect(url, options); });
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
