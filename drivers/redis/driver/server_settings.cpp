#include "server_settings.hpp"

#include "conclave/error.hpp"
#include "info.hpp"
#include "replies.hpp"

namespace conclave::redis {

namespace {

bool is_durable(Client& client, std::string_view info, Deadline deadline) {
    return info_field(info, "aof_enabled") == "1" &&
           config_value(client, "appendfsync", deadline) == "always";
}

// A policy is without effect while there is no limit.
bool keeps_keys(std::string_view info) {
    return info_field(info, "maxmemory_policy") == "noeviction" ||
           info_field(info, "maxmemory") == "0";
}

}  // namespace

ServerSettings declared_settings(const DriverOptions& options) {
    return {options.durable != Declared::no, options.keeps_keys != Declared::no};
}

ServerSettings ask_settings(Client& client, const DriverOptions& options, std::string_view info,
                            Deadline deadline) {
    ServerSettings settings = declared_settings(options);
    if (options.durable == Declared::ask) settings.durable = is_durable(client, info, deadline);
    if (options.keeps_keys == Declared::ask) settings.keeps_keys = keeps_keys(info);
    return settings;
}

std::optional<std::string> config_value(Client& client, const std::string& name,
                                        Deadline deadline) {
    try {
        const Answer answer = client.call(command({"CONFIG", "GET", name}, Repeat::safe), deadline);
        const std::vector<resp::Reply>& pair = array_of(answer.reply, "CONFIG GET");
        if (pair.size() == 2) return text_of(pair[1], "CONFIG GET");
    } catch (const Error& error) {
        // Denied or unknown, as hosted servers do; anything else concerns the next step too.
        const bool refused = error.error_code() == ErrorCode::access_denied ||
                             error.error_code() == ErrorCode::other;
        if (!refused) throw;
    }
    return std::nullopt;
}

}  // namespace conclave::redis
