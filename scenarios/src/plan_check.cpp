#include "plan_check.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "backend.hpp"
#include "conclave/error.hpp"
#include "conclave/scenarios/moments.hpp"
#include "conclave/scenarios/runner.hpp"
#include "judge.hpp"

namespace conclave::scenarios {

namespace {

struct Complaint {
    std::string key;
    std::string text;
};

std::string expected_one_of(const std::string& value, const std::vector<std::string>& known) {
    std::string text;
    for (const std::string& each : known) text += (text.empty() ? "" : ", ") + each;
    return "'" + value + "', expected one of: " + text;
}

constexpr std::size_t ring_hosts_min = 4;

bool contains(const std::vector<std::string>& list, const std::string& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

/// A disk is no host: nobody has the share.
std::optional<Complaint> complaint_about_disk(const Fault& fault, const Plan& plan) {
    const std::string disk = topology_of(plan).disk;
    if (disk.empty())
        return Complaint{"action", "configuration '" + plan.driver + "' has no disk that clients use"};
    if (fault.a != std::vector{disk})
        return Complaint{"a", "the disk that hangs, expected exactly '" + disk + "'"};
    if (fault.call != 0) return Complaint{"call", "a disk makes no environment calls"};
    return std::nullopt;
}

std::optional<Complaint> complaint_about_hosts(const Fault& fault, const Plan& plan,
                                               const std::vector<std::string>& known) {
    for (const auto& [key, hosts] : {std::pair("a", &fault.a), std::pair("b", &fault.b)})
        for (const std::string& host : *hosts)
            if (!contains(known, host))
                return Complaint{key, "configuration '" + plan.driver + "' has no host " +
                                          expected_one_of(host, known)};
    return std::nullopt;
}

std::optional<Complaint> complaint_about(const Fault& fault, const Plan& plan) {
    const std::vector<std::string> known = topology_of(plan).all();
    const std::string action(to_string(fault.action));
    const auto complaint = fault.action == FaultAction::disk_hang
                               ? complaint_about_disk(fault, plan)
                               : complaint_about_hosts(fault, plan, known);
    if (complaint) return complaint;
    if (!fault.after.empty() && !contains(known, parse_anchor(fault.after).who))
        return Complaint{"after", "configuration '" + plan.driver + "' has no host " +
                                      expected_one_of(parse_anchor(fault.after).who, known)};
    if (fault.a.empty()) return Complaint{"a", "fault '" + action + "' expected a host at least"};
    const std::vector<std::string> servers = topology_of(plan).servers;
    if (of_a_server(fault.action) && !contains(servers, fault.a.front()))
        return Complaint{"a", "fault '" + action + "' inside " +
                                  expected_one_of(fault.a.front(), servers)};
    if (fault.action == FaultAction::ring && fault.a.size() < ring_hosts_min)
        return Complaint{"a", "a ring of " + std::to_string(fault.a.size()) +
                                  " hosts has no gap, expected at least " +
                                  std::to_string(ring_hosts_min)};
    if (fault.action == FaultAction::clock_step && fault.amount < 0)
        return Complaint{"amount", "a process's clock never goes back, expected at least 0s"};
    if (two_sided(fault.action) && fault.b.empty())
        return Complaint{"b", "fault '" + action +
                                  "' expected a host at least: it stands between "
                                  "those of 'a' and these"};
    return std::nullopt;
}

/// What the driver says of its options when it is made; it connects to nothing. Empty when they are
/// good.
std::string complaint_about_options(const Plan& plan) {
    std::string complaint;
    sim::World world(sim::WorldOptions{});
    const Access access = backend_of(plan).access(plan);
    world.add_process(world.add_host("host"), "process", [&](sim::Process& process) {
        try {
            known_drivers().make(process.runtime(), access.url, "member", access.options);
        } catch (const BadOption& error) {
            complaint = error.what();
        }
    });
    world.run_until(sim::at_time(std::chrono::milliseconds(1)));
    return complaint;
}

}  // namespace

const std::vector<std::string>& actions_of(std::string_view workload) {
    static const std::map<std::string, std::vector<std::string>, std::less<>> actions = {
        {"lock", {"lock"}},
        {"lock_twice", {"lock"}},
        {"herd", {"lock"}},
        {"shared_lock", {"lock", "share"}},
        {"shutdown", {"stop"}},
        {"rejoin", {"join"}},
        {"leader", {"leader", "lead", "who"}},
        {"group", {"join", "leave", "read"}},
        {"delete_race", {"join", "leave", "read", "delete"}},
        {"capabilities", {"join", "leave", "update", "look", "read"}},
        {"ring", {"join", "leave", "read"}},
        {"create_race", {"create"}},
        {"lock_names", {"lock"}},
        {"wait_trap", {"wait_same", "wait_other"}},
        {"replica_read", {"read"}},
    };
    return actions.find(workload)->second;
}

void check_driver(TableReader& reader, std::string_view key, const std::string& driver) {
    const std::vector<std::string> known = driver_configurations();
    if (!contains(known, driver)) reader.fail_at(key, expected_one_of(driver, known));
}

void check_plan(TableReader& reader, std::vector<ReadFault>& faults, const Plan& plan) {
    for (ReadFault& each : faults)
        if (const auto complaint = complaint_about(each.fault, plan))
            each.reader.fail_at(complaint->key, complaint->text);
    if (const std::string complaint = complaint_about_options(plan); !complaint.empty())
        reader.fail_at("driver_options", complaint);
    const std::vector<std::string> judged = properties_of(plan);
    for (const std::string& property : plan.must_violate)
        if (!contains(judged, property))
            reader.fail_at("must_violate", expected_one_of(property, judged));
}

void check_targets(const Plan& plan) {
    for (const Fault& fault : plan.faults)
        if (const auto complaint = complaint_about(fault, plan))
            throw FileError(plan.scenario + ": fault at " + to_text(fault.at) + ": key '" +
                            complaint->key + "': " + complaint->text);
}

}  // namespace conclave::scenarios
