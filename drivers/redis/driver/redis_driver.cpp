#include "redis_driver.hpp"

#include <charconv>
#include <exception>

#include "examination.hpp"
#include "info.hpp"
#include "replies.hpp"

namespace conclave::redis {

namespace {

// From this version on a script may write after it has read in the server's own order.
constexpr int oldest_major_version = 5;
constexpr std::string_view reserved_member_id = "__created__";

const std::string& checked(const std::string& member_id) {
    if (member_id.empty()) throw BadOption("member id '': expected at least one byte");
    if (member_id == reserved_member_id)
        throw BadOption("member id '" + member_id + "': reserved for the mark of a group");
    return member_id;
}

}  // namespace

RedisDriver::RedisDriver(Runtime& runtime, DriverOptions options, const std::string& member_id)
    : runtime_(runtime),
      options_(std::move(options)),
      keys_(options_.name_space, options_.lock_key, options_.layout),
      client_(runtime, options_.client),
      leases_(runtime, client_, options_),
      locks_(leases_, client_, keys_, options_),
      groups_(runtime, client_, keys_, options_, checked(member_id)),
      elections_(leases_, client_, keys_, member_id),
      subscriber_(runtime, options_.client),
      changes_(subscriber_, keys_, options_),
      settings_(declared_settings(options_)) {}

void RedisDriver::start(Deadline deadline) {
    groups_.begin();
    client_.open();
    const Answer answer = client_.call(command({"INFO"}, Repeat::safe), deadline);
    const std::string& info = text_of(answer.reply, "INFO");
    check_server(info);
    // Behind Sentinel nothing rests on the one server that is the master now.
    if (!options_.client.sentinel) settings_ = ask_settings(client_, options_, info, deadline);
    if (options_.push) check_push(deadline);
}

// A script that may not publish changes what it has to all the same, and nobody would ever be told.
void RedisDriver::check_push(Deadline deadline) {
    try {
        client_.call(command({"PUBLISH", keys_.all_groups(), ""}, Repeat::safe), deadline);
    } catch (const AccessDenied&) {
        std::throw_with_nested(
            AccessDenied("redis: push=on, but the user may not publish: allow +publish, "
                         "+subscribe, +unsubscribe, +ping and the channels &" +
                         options_.name_space + "*, or leave push off"));
    }
    subscriber_.open();
}

void RedisDriver::check_server(const std::string& info) const {
    const std::string_view mode = info_field(info, "redis_mode");
    if (mode == "sentinel")
        throw Error("the server is a sentinel: add sentinel=<master name> to the URL");
    if (mode == "cluster")
        throw NotImplemented(
            "the server belongs to a Redis Cluster; expected one server or "
            "Sentinel");
    const std::string_view version = info_field(info, "redis_version");
    int major = 0;
    std::from_chars(version.data(), version.data() + version.size(), major);
    if (major < oldest_major_version)
        throw NotImplemented("Redis version '" + std::string(version) + "', expected " +
                             std::to_string(oldest_major_version) + ".0 or newer");
}

void RedisDriver::stop(Deadline deadline) {
    try {
        groups_.withdraw(deadline);
    } catch (const Error& error) {
        runtime_.observer.event(
            {Event::Severity::warning, "redis.driver", "beat_not_withdrawn", error.what()});
    }
    client_.close();
    subscriber_.close();
}

Beat RedisDriver::heartbeat(Deadline deadline) { return groups_.beat(deadline); }

// Envelope: clock rates within 1 %, no eviction of our keys, no step of the server's wall clock,
// and a server that loses no acknowledged write when it restarts. Behind Sentinel the last one
// cannot hold: replication is asynchronous. tooz's own processes evict live members and write no
// token. The server was asked about eviction and writes at start; of the clocks nobody can be.
Claims RedisDriver::claims() const {
    Claims claims;
    claims.characteristics = {Characteristic::distributed_across_threads,
                              Characteristic::distributed_across_processes,
                              Characteristic::distributed_across_hosts};
    if (options_.client.sentinel) return claims;
    const ServerSettings settings = settings_;
    if (!settings.durable || !settings.keeps_keys) return claims;
    claims.characteristics.insert(Characteristic::causal);
    if (options_.mixed_peers) return claims;
    // One server decides everything, in one order.
    claims.characteristics.insert({Characteristic::linearizable, Characteristic::sequential,
                                   Characteristic::serializable,
                                   Characteristic::same_view_across_clients,
                                   Characteristic::same_view_under_partitions});
    claims.features = {Feature::exclusive_by_belief, Feature::fencing,
                       Feature::membership_accuracy};
    return claims;
}

Remarks RedisDriver::examine(Deadline deadline) {
    return Examination(runtime_, client_, options_, deadline).run();
}

}  // namespace conclave::redis
