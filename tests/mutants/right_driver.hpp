#pragma once

// The right driver behind a wrong one.

#include <memory>
#include <string>

#include "conclave/drivers/all_drivers.hpp"

namespace conclave::mutants {

inline std::string percent_encoded(const std::string& text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        ((encoded += '%') += digits[byte >> 4]) += digits[byte & 15];
    }
    return encoded;
}

/// `options` hold the URL's query already.
inline std::unique_ptr<Driver> right_driver(Runtime& runtime, const Url& url,
                                            const std::string& member_id, const Options& options) {
    std::string text = url.scheme + "://";
    if (!url.password.empty())
        text += percent_encoded(url.user) + ":" + percent_encoded(url.password) + "@";
    text += url.host + (url.port ? ":" + std::to_string(url.port) : "") + url.path;
    return all_drivers().make(runtime, text, member_id, options);
}

/// The right drivers, but for one scheme.
inline DriverRegistry registry_with(const std::string& scheme, DriverRegistry::Factory wrong) {
    DriverRegistry registry = all_drivers();
    registry.add(scheme, std::move(wrong));
    return registry;
}

}  // namespace conclave::mutants
