// What a server's INFO tells, and how a sentinel reacts to it (sentinelRefreshInstanceInfo).

#include <charconv>
#include <optional>
#include <string_view>

#include "state.hpp"

namespace conclave::servers::redis {

namespace {

std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// The value of `key` in a comma-separated list of key=value.
std::string_view field(std::string_view list, std::string_view key) {
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        const std::string_view item = list.substr(0, comma);
        if (item.starts_with(key) && item.size() > key.size() && item[key.size()] == '=')
            return item.substr(key.size() + 1);
        if (comma == std::string_view::npos) break;
        list.remove_prefix(comma + 1);
    }
    return {};
}

std::optional<Endpoint> replica_of_line(std::string_view key, std::string_view value) {
    const bool numbered =
        key.starts_with("slave") && key.size() > 5 && key[5] >= '0' && key[5] <= '9';
    const std::string_view host = field(value, "ip");
    if (!numbered || host.empty()) return std::nullopt;
    return Endpoint{
        std::string(host), static_cast<std::uint16_t>(number(field(value, "port"))), {}};
}

/// Walks the `key:value` lines of INFO.
template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
    while (!text.empty()) {
        const std::size_t end = text.find("\r\n");
        const std::string_view line = text.substr(0, end);
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos) visit(line.substr(0, colon), line.substr(colon + 1));
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 2);
    }
}

}  // namespace

void Sentinel::State::on_info(Instance& instance, const std::string& text) {
    bool is_master = instance.reports_master;
    instance.master_link_down = Duration::zero();
    for_each_line(text, [&](std::string_view key, std::string_view value) {
        if (key == "run_id") instance.run_id = value;
        if (key == "role") is_master = value == "master";
        if (key == "master_host") instance.replicates.host = value;
        if (key == "master_port")
            instance.replicates.port = static_cast<std::uint16_t>(number(value));
        if (key == "master_link_status") instance.master_link_up = value == "up";
        if (key == "master_link_down_since_seconds")
            instance.master_link_down = std::chrono::seconds(number(value));
        if (key == "slave_priority") instance.priority = static_cast<int>(number(value));
        if (key == "slave_repl_offset") instance.offset = number(value);
        const std::optional<Endpoint> replica = replica_of_line(key, value);
        if (replica && instance.is(InstanceKind::master)) add_replica(*replica);
    });
    instance.info_refreshed = now();
    if (is_master != instance.reports_master) {
        instance.reports_master = is_master;
        instance.role_reported_at = now();
        tell(is_master == instance.is(InstanceKind::master) ? "+role-change" : "-role-change",
             instance, std::string(" new reported role is ") + (is_master ? "master" : "slave"));
    }
    if (tilt || !instance.is(InstanceKind::replica)) return;
    if (&instance == chosen && is_master && failover == Failover::wait_promotion) return promoted();
    if (is_master) return demote_returned_master(instance);
    follow_right_master(instance);
}

void Sentinel::State::add_replica(const Endpoint& endpoint) {
    if (replicas.contains(endpoint) || endpoint == master->endpoint) return;
    const Instance& added =
        *replicas
             .emplace(endpoint,
                      std::make_unique<Instance>(runtime, tasks, InstanceKind::replica, endpoint))
             .first->second;
    write_down();
    tell("+slave", added);
}

/// Only after it has looked like a sane master for four hello periods: until then it serves clients
/// and acknowledges writes that will be erased.
void Sentinel::State::demote_returned_master(Instance& replica) {
    const Duration wait = 4 * publish_period;
    if (replica.promoted || failover != Failover::none) return;
    if (!master_looks_sane() || !not_down_for(replica, wait)) return;
    if (now() - replica.role_reported_at <= wait) return;
    if (send_replicaof(replica, &master->endpoint)) {
        observe("sentinel.old_master_demotion", to_string(replica.endpoint));
        tell("+convert-to-slave", replica);
    }
}

void Sentinel::State::follow_right_master(Instance& replica) {
    if (replica.reconfiguration == Reconfiguration::sent &&
        replica.replicates == chosen->endpoint) {
        replica.reconfiguration = Reconfiguration::in_progress;
        tell("+slave-reconf-inprog", replica);
    }
    if (replica.reconfiguration == Reconfiguration::in_progress && replica.master_link_up) {
        replica.reconfiguration = Reconfiguration::done;
        tell("+slave-reconf-done", replica);
    }
    if (failover != Failover::none || replica.replicates == master->endpoint) return;
    if (!master_looks_sane() || !not_down_for(replica, options.failover_timeout)) return;
    if (now() - replica.role_reported_at <= options.failover_timeout) return;
    if (send_replicaof(replica, &master->endpoint)) tell("+fix-slave-config", replica);
}

bool Sentinel::State::master_looks_sane() const {
    return master->reports_master && !master->subjectively_down() && !objectively_down() &&
           now() - master->info_refreshed < 2 * info_period;
}

bool Sentinel::State::not_down_for(const Instance& instance, Duration length) const {
    return instance.last_down == TimePoint{} || now() - instance.last_down > length;
}

}  // namespace conclave::servers::redis
