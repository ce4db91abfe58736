#pragma once

// What a server has to be set to for the driver's claims to hold, asked of it or declared in options.
// Part of RedisDriver.

#include <optional>
#include <string>
#include <string_view>

#include "../client/client.hpp"
#include "driver_options.hpp"

namespace conclave::redis {

struct alignas(2) ServerSettings {  // or an atomic of it is a call into a library
    bool durable = true;     ///< a restart loses no acknowledged write
    bool keeps_keys = true;  ///< no key is evicted
};

/// What the options declare. What they leave to be asked may still turn out to be so.
ServerSettings declared_settings(const DriverOptions& options);
/// The same, once the server was asked where the options leave it to that; `info` is its INFO. What
/// it does not tell is not so. Errors: as Client::call().
ServerSettings ask_settings(Client& client, const DriverOptions& options, std::string_view info,
                            Deadline deadline);

/// The value of CONFIG GET; nullopt when the server does not tell. Errors: as Client::call().
std::optional<std::string> config_value(Client& client, const std::string& name,
                                        Deadline deadline);

}  // namespace conclave::redis
