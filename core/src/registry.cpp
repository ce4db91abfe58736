#include "conclave/registry.hpp"

namespace conclave {

void DriverRegistry::add(std::string scheme, Factory factory) {
    factories_.insert_or_assign(std::move(scheme), std::move(factory));
}

std::unique_ptr<Driver> DriverRegistry::make(Runtime& runtime, const std::string& url,
                                             const std::string& member_id,
                                             const Options& options) const {
    const Url parsed = parse_url(url);
    const auto found = factories_.find(parsed.scheme);
    if (found == factories_.end()) {
        std::string known;
        for (const auto& [scheme, factory] : factories_)
            known += (known.empty() ? "" : ", ") + scheme;
        throw BadOption("unknown scheme '" + parsed.scheme + "' in '" + without_secrets(url) +
                        "', expected one of: " + known);
    }
    return found->second(runtime, parsed, member_id, merge_options(options, parsed.query));
}

std::vector<std::string> DriverRegistry::schemes() const {
    std::vector<std::string> names;
    for (const auto& [scheme, factory] : factories_) names.push_back(scheme);
    return names;
}

}  // namespace conclave
