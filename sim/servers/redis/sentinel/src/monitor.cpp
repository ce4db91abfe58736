// The timer: connections, periodic commands, subjective down, TILT.

#include <algorithm>

#include "state.hpp"

namespace conclave::servers::redis {

namespace {
constexpr Duration tilt_trigger = std::chrono::seconds(2);
constexpr Duration tilt_period = std::chrono::seconds(30);
constexpr Duration link_age_min = std::chrono::seconds(15);  // SENTINEL_MIN_LINK_RECONNECT_PERIOD
constexpr std::string_view hello_channel = "__sentinel__:hello";

bool acceptable_pong(const resp::Reply& reply) {
    if (reply.is_status("PONG")) return true;
    return reply.type == resp::Type::error &&
           (reply.text.starts_with("LOADING") || reply.text.starts_with("MASTERDOWN"));
}
}  // namespace

/// A server that is down because a script keeps it busy is told to end it, once.
void Sentinel::State::kill_busy_script(Instance& instance, const resp::Reply& pong) {
    const bool busy = pong.type == resp::Type::error && pong.text.starts_with("BUSY");
    if (!busy || !instance.subjectively_down() || instance.script_kill_sent) return;
    instance.commands.send({"SCRIPT", "KILL"}, {});
    instance.script_kill_sent = true;
    observe("sentinel.script_kill", to_string(instance.endpoint));
}

std::vector<Instance*> Sentinel::State::instances() {
    std::vector<Instance*> all{master.get()};
    for (auto& [endpoint, replica] : replicas) all.push_back(replica.get());
    for (auto& [run_id, peer] : peers) all.push_back(peer.get());
    return all;
}

void Sentinel::State::forget_retired() {
    std::erase_if(retired, [](const auto& instance) { return instance->idle(); });
}

void Sentinel::State::tick() {
    forget_retired();
    const bool tilted = in_tilt();
    for (Instance* instance : instances()) {
        keep_connected(*instance);
        send_periodic(*instance);
        if (!tilted) check_subjectively_down(*instance);
    }
    if (tilted) return;
    check_objectively_down();
    start_failover_if_needed();
    advance_failover();
    ask_peers(false);
}

/// A jump of the wall clock, or a process that stood still, makes every measured silence doubtful.
bool Sentinel::State::in_tilt() {
    const WallTime wall = runtime.wall_clock.now();
    const Duration passed(wall.nanoseconds - last_tick.nanoseconds);
    if (last_tick.nanoseconds != 0 && (passed < Duration::zero() || passed > tilt_trigger)) {
        tilt = true;
        tilt_since = now();
        observe("sentinel.tilt", "entered");
        tell("+tilt", "#tilt mode entered");
    }
    last_tick = wall;
    if (tilt && now() - tilt_since > tilt_period) {
        tilt = false;
        tell("-tilt", "#tilt mode exited");
    }
    return tilt;
}

void Sentinel::State::keep_connected(Instance& instance) {
    const bool wants_hellos = !instance.is(InstanceKind::sentinel);
    if (instance.commands.connected() && (!wants_hellos || instance.hellos.connected())) return;
    if (now() - instance.last_reconnect < ping_period) return;
    instance.last_reconnect = now();
    const std::string password = wants_hellos ? options.password : std::string();
    instance.commands.connect_later(instance.endpoint, password);
    if (wants_hellos) {
        instance.hellos.connect_later(instance.endpoint, password);
        instance.subscribing = true;
        tasks.spawn([this, &instance] {
            subscribe(instance);
            instance.subscribing = false;
        });
    }
}

void Sentinel::State::subscribe(Instance& instance) {
    // The connection is made by its own fiber; a missed moment is made up for at the next tick.
    if (!sleep_for(runtime, ping_period / 2) || !instance.hellos.connected()) return;
    instance.hellos.on_push([this](const resp::Reply& push) {
        if (push.type == resp::Type::array && push.elements.size() == 3 &&
            push.elements[0].text == "message")
            on_hello(push.elements[2].text);
    });
    instance.hellos.send({"SUBSCRIBE", hello_channel}, {});
}

void Sentinel::State::send_periodic(Instance& instance) {
    if (!instance.commands.connected()) return;
    const TimePoint time = now();
    const bool watch_closely =
        instance.is(InstanceKind::replica) &&
        (objectively_down() || failover != Failover::none || !instance.master_link_up);
    const Duration info_every = watch_closely ? Duration(std::chrono::seconds(1)) : info_period;
    if (!instance.is(InstanceKind::sentinel) &&
        (instance.info_asked == TimePoint{} || time - instance.info_asked > info_every)) {
        instance.info_asked = time;
        instance.commands.send({"INFO"}, [this, &instance](const resp::Reply& reply) {
            if (reply.type == resp::Type::bulk) on_info(instance, reply.text);
        });
    }
    const Duration ping_every = std::min(options.down_after, ping_period);
    if (time - instance.last_pong > ping_every && time - instance.last_ping > ping_every / 2) {
        const bool sent = instance.commands.send({"PING"}, [this, &instance](
                                                               const resp::Reply& reply) {
            instance.last_pong = now();
            if (!acceptable_pong(reply)) return kill_busy_script(instance, reply);
            instance.last_available = now();
            instance.ping_pending = TimePoint{};
        });
        if (sent) {
            instance.last_ping = time;
            if (instance.ping_pending == TimePoint{}) instance.ping_pending = time;
        }
    }
    if (time - instance.last_publish > publish_period) publish_hello(instance);
}

void Sentinel::State::check_subjectively_down(Instance& instance) {
    const TimePoint time = now();
    Duration silence{};
    if (instance.ping_pending != TimePoint{})
        silence = time - instance.ping_pending;
    else if (!instance.commands.connected())
        silence = time - instance.last_available;

    const bool stuck = instance.commands.connected() && instance.ping_pending != TimePoint{} &&
                       time - instance.commands.connected_at() > link_age_min &&
                       time - instance.ping_pending > options.down_after / 2 &&
                       time - instance.last_pong > options.down_after / 2;
    if (stuck) instance.commands.disconnect();

    const bool demoted = instance.is(InstanceKind::master) && !instance.reports_master &&
                         time - instance.role_reported_at > options.down_after + 2 * info_period;
    const bool down = silence > options.down_after || demoted;
    if (down == instance.subjectively_down()) return;
    instance.down_since = down ? time : TimePoint{};
    instance.script_kill_sent = false;
    if (down) instance.last_down = time;
    observe(down ? "sentinel.sdown" : "sentinel.sdown_over", to_string(instance.endpoint));
    tell(down ? "+sdown" : "-sdown", instance);
}

}  // namespace conclave::servers::redis
