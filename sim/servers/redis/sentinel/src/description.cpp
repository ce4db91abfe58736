// What a sentinel tells of what it knows: SENTINEL masters, replicas and sentinels, INFO, and the
// events that its subscribers get.

#include <array>
#include <utility>

#include "engine/pubsub.hpp"
#include "engine/text.hpp"
#include "state.hpp"

namespace conclave::servers::redis {

namespace {

std::int64_t milliseconds(Duration duration) {
    return duration / Duration(std::chrono::milliseconds(1));
}

std::string_view kind_name(InstanceKind kind) {
    switch (kind) {
        case InstanceKind::master: return "master";
        case InstanceKind::replica: return "slave";
        case InstanceKind::sentinel: return "sentinel";
    }
    return "";
}

std::string_view step_name(Failover step) {
    constexpr std::array<std::string_view, 6> names = {"none",           "wait_start",
                                                       "select_slave",   "send_slaveof_noone",
                                                       "wait_promotion", "reconf_slaves"};
    return names[static_cast<std::size_t>(step)];
}

std::string_view flag_of(Reconfiguration reconfiguration) {
    switch (reconfiguration) {
        case Reconfiguration::none: return "";
        case Reconfiguration::sent: return "reconf_sent";
        case Reconfiguration::in_progress: return "reconf_inprog";
        case Reconfiguration::done: return "reconf_done";
    }
    return "";
}

/// The fields of one instance, counted before they are written.
class Fields {
public:
    void add(std::string_view key, std::string value) { list_.emplace_back(key, std::move(value)); }
    void add(std::string_view key, std::int64_t value) { add(key, std::to_string(value)); }
    void write(ReplyWriter& reply) const {
        reply.map(list_.size());
        for (const auto& [key, value] : list_) {
            reply.bulk(key);
            reply.bulk(value);
        }
    }

private:
    std::vector<std::pair<std::string_view, std::string>> list_;
};

void add_replica_fields(Fields& fields, const Instance& replica) {
    fields.add("master-link-down-time", milliseconds(replica.master_link_down));
    fields.add("master-link-status", std::string(replica.master_link_up ? "ok" : "err"));
    const std::string& host = replica.replicates.host;
    fields.add("master-host", host.empty() ? std::string("?") : host);
    fields.add("master-port", replica.replicates.port);
    fields.add("slave-priority", replica.priority);
    fields.add("slave-repl-offset", replica.offset);
    fields.add("replica-announced", 1);
}

void add_master_fields(Fields& fields, const Sentinel::State& sentinel) {
    fields.add("config-epoch", static_cast<std::int64_t>(sentinel.file->config_epoch));
    fields.add("num-slaves", static_cast<std::int64_t>(sentinel.replicas.size()));
    fields.add("num-other-sentinels", static_cast<std::int64_t>(sentinel.peers.size()));
    fields.add("quorum", sentinel.options.quorum);
    fields.add("failover-timeout", milliseconds(sentinel.options.failover_timeout));
    fields.add("parallel-syncs", 1);
}

void add_peer_fields(Fields& fields, const Sentinel::State& sentinel, const Instance& peer) {
    fields.add("last-hello-message", sentinel.ms_since(peer.last_hello));
    fields.add("voted-leader", peer.vote.empty() ? std::string("?") : peer.vote);
    fields.add("voted-leader-epoch", static_cast<std::int64_t>(peer.vote_epoch));
}

void info_field(std::string& text, std::string_view name, const std::string& value) {
    text += std::string(name) + ":" + value + "\r\n";
}

}  // namespace

std::int64_t Sentinel::State::ms_since(TimePoint moment) const {
    return moment == TimePoint{} ? 0 : milliseconds(now() - moment);
}

std::string Sentinel::State::flags(const Instance& instance) const {
    const bool is_master = instance.is(InstanceKind::master);
    std::string flags;
    const auto add = [&flags](bool is_so, std::string_view name) {
        if (!is_so) return;
        if (!flags.empty()) flags += ',';
        flags += name;
    };
    add(instance.subjectively_down(), "s_down");
    add(is_master && objectively_down(), "o_down");
    add(true, kind_name(instance.kind));
    add(!instance.connected(), "disconnected");
    add(instance.says_master_down, "master_down");
    add(is_master && failover != Failover::none, "failover_in_progress");
    add(instance.promoted, "promoted");
    add(instance.reconfiguration != Reconfiguration::none, flag_of(instance.reconfiguration));
    return flags;
}

std::string Sentinel::State::name_of(const Instance& instance) const {
    if (instance.is(InstanceKind::master)) return options.master_name;
    return instance.is(InstanceKind::sentinel) ? instance.run_id : to_string(instance.endpoint);
}

void Sentinel::State::describe(ReplyWriter& reply, const Instance& instance) const {
    const bool is_master = instance.is(InstanceKind::master);
    Fields fields;
    fields.add("name", name_of(instance));
    fields.add("ip", instance.endpoint.host);
    fields.add("port", instance.endpoint.port);
    fields.add("runid", instance.run_id);
    fields.add("flags", flags(instance));
    fields.add("link-pending-commands",
               static_cast<std::int64_t>(instance.commands.pending() + instance.hellos.pending()));
    fields.add("link-refcount", 1);
    if (is_master && failover != Failover::none)
        fields.add("failover-state", std::string(step_name(failover)));
    fields.add("last-ping-sent", ms_since(instance.ping_pending));
    fields.add("last-ok-ping-reply", ms_since(instance.last_available));
    fields.add("last-ping-reply", ms_since(instance.last_pong));
    if (instance.subjectively_down()) fields.add("s-down-time", ms_since(instance.down_since));
    if (is_master && objectively_down())
        fields.add("o-down-time", ms_since(objectively_down_since));
    fields.add("down-after-milliseconds", milliseconds(options.down_after));
    if (instance.is(InstanceKind::sentinel)) {
        add_peer_fields(fields, *this, instance);
    } else {
        fields.add("info-refresh", ms_since(instance.info_refreshed));
        fields.add("role-reported", std::string(instance.reports_master ? "master" : "slave"));
        fields.add("role-reported-time", ms_since(instance.role_reported_at));
    }
    if (is_master) add_master_fields(fields, *this);
    if (instance.is(InstanceKind::replica)) add_replica_fields(fields, instance);
    fields.write(reply);
}

void Sentinel::State::answer_masters(ReplyWriter& reply, Arguments) {
    reply.array(1);
    describe(reply, *master);
}

void Sentinel::State::answer_master(ReplyWriter& reply, Arguments arguments) {
    if (knows_master(reply, arguments[2])) describe(reply, *master);
}

void Sentinel::State::answer_replicas(ReplyWriter& reply, Arguments arguments) {
    if (!knows_master(reply, arguments[2])) return;
    reply.array(replicas.size());
    for (const auto& [endpoint, replica] : replicas) describe(reply, *replica);
}

void Sentinel::State::answer_sentinels(ReplyWriter& reply, Arguments arguments) {
    if (!knows_master(reply, arguments[2])) return;
    reply.array(peers.size());
    for (const auto& [run_id, peer] : peers) describe(reply, *peer);
}

void Sentinel::State::answer_info(ReplyWriter& reply, Arguments arguments) {
    const auto asked = [&](std::string_view section) {
        if (arguments.size() == 1) return true;
        for (const std::string_view each : arguments.subspan(1))
            for (const std::string_view word :
                 {section, std::string_view("all"), std::string_view("everything"),
                  std::string_view("default")})
                if (equal_ignoring_case(each, word)) return true;
        return false;
    };
    std::string text;
    if (asked("server")) {
        text += "# Server\r\nredis_version:7.0.15\r\nredis_mode:sentinel\r\nos:model\r\n";
        info_field(text, "run_id", engine.options().run_id);
        info_field(text, "tcp_port", std::to_string(options.listen.port));
    }
    if (asked("sentinel")) {
        if (!text.empty()) text += "\r\n";
        const std::string status = objectively_down()            ? "odown"
                                   : master->subjectively_down() ? "sdown"
                                                                 : "ok";
        const auto tilted = tilt ? (now() - tilt_since) / Duration(std::chrono::seconds(1)) : -1;
        text += "# Sentinel\r\nsentinel_masters:1\r\n";
        info_field(text, "sentinel_tilt", tilt ? "1" : "0");
        info_field(text, "sentinel_tilt_since_seconds", std::to_string(tilted));
        text +=
            "sentinel_running_scripts:0\r\nsentinel_scripts_queue_length:0\r\n"
            "sentinel_simulate_failure_flags:0\r\n";
        info_field(text, "master0",
                   "name=" + options.master_name + ",status=" + status + ",address=" +
                       to_string(current_master()) + ",slaves=" + std::to_string(replicas.size()) +
                       ",sentinels=" + std::to_string(peers.size() + 1));
    }
    reply.verbatim(text);
}

void Sentinel::State::tell(std::string_view channel, const std::string& text) {
    PubSubCommands::deliver(engine, nullptr, channel, text);
}

void Sentinel::State::tell(std::string_view channel, const Instance& instance,
                           const std::string& more) {
    const auto words = [this](const Instance& each) {
        return name_of(each) + " " + each.endpoint.host + " " + std::to_string(each.endpoint.port);
    };
    std::string text = std::string(kind_name(instance.kind)) + " " + words(instance);
    if (!instance.is(InstanceKind::master)) text += " @ " + words(*master);
    tell(channel, text + more);
}

}  // namespace conclave::servers::redis
