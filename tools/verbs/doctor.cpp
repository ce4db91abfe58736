// conclave doctor: whether a backend is fit for what is asked of it.

#include <iomanip>
#include <iostream>

#include "conclave/remark.hpp"
#include "file_system.hpp"
#include "production.hpp"
#include "value_json.hpp"

namespace conclave::tool {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array characteristics = {Characteristic::distributed_across_threads,
                                        Characteristic::distributed_across_processes,
                                        Characteristic::distributed_across_hosts,
                                        Characteristic::non_timeout_based,
                                        Characteristic::linearizable,
                                        Characteristic::sequential,
                                        Characteristic::causal,
                                        Characteristic::serializable,
                                        Characteristic::same_view_under_partitions,
                                        Characteristic::same_view_across_clients};
constexpr std::array features = {Feature::exclusive_by_belief, Feature::fencing,
                                 Feature::membership_accuracy};

/// One claim by name, and whether it is in force.
using ClaimLines = std::vector<std::pair<std::string, bool>>;

struct Diagnosis {
    int exit = ProductionExit::done;
    Remarks remarks;
    ClaimLines claims;
};

void note_claims(Diagnosis& diagnosis, const Claims& claims) {
    for (const Characteristic each : characteristics)
        diagnosis.claims.emplace_back(to_string(each), claims.characteristics.contains(each));
    for (const Feature each : features)
        diagnosis.claims.emplace_back(to_string(each), claims.features.contains(each));
}

/// Takes a lock of its own twice: what is promised is tried, not only configured.
Remark try_lock(Client& client) {
    Mutex mutex = client.mutex("conclave-doctor-" + own_member_id().bytes());
    std::optional<HeldLock> held = mutex.acquire_for(Duration::zero());
    if (!held) return {Remark::Grade::error, "lock", "a lock of a new name is held by another"};
    const std::uint64_t first = held->token();
    if (mutex.acquire_for(Duration::zero()))
        return {Remark::Grade::error, "lock", "it was granted twice"};
    held->release();
    held = mutex.acquire_for(Duration::zero());
    if (!held) return {Remark::Grade::error, "lock", "it was given up, and is not granted again"};
    if (held->token() <= first)
        return {Remark::Grade::error, "lock", "the token does not grow: it is no fence"};
    held->release();
    return {Remark::Grade::ok, "lock", "taken, refused to a second, given up, taken again"};
}

void examine(Diagnosis& diagnosis, const DoctorArguments& arguments) {
    Client client = connect_to(arguments.backend);
    diagnosis.remarks.push_back({Remark::Grade::ok, "connection", "the backend answers"});
    note_claims(diagnosis, client.claims());
    for (Remark& remark : client.examine()) diagnosis.remarks.push_back(std::move(remark));
    if (arguments.deep) diagnosis.remarks.push_back(try_lock(client));
    client.stop(stop_limit);
}

Diagnosis diagnose(const DoctorArguments& arguments) {
    Diagnosis diagnosis;
    try {
        examine(diagnosis, arguments);
        if (std::optional<Remark> remark = file_system_of(arguments.backend.url))
            diagnosis.remarks.push_back(std::move(*remark));
    } catch (const Error& error) {
        if (error.error_code() == ErrorCode::bad_option) throw;
        diagnosis.exit = exit_code(error);
        diagnosis.remarks.push_back({Remark::Grade::error, "connection", error.what()});
        return diagnosis;
    }
    for (const Remark& remark : diagnosis.remarks)
        if (remark.grade == Remark::Grade::error) diagnosis.exit = ProductionExit::not_configured;
    return diagnosis;
}

void print_text(const Diagnosis& diagnosis) {
    for (const Remark& remark : diagnosis.remarks)
        std::cout << std::left << std::setw(9) << to_string(remark.grade) << std::setw(14)
                  << remark.about << remark.text << '\n';
    for (const auto& [name, claimed] : diagnosis.claims)
        std::cout << (claimed ? "claimed  " : "-        ") << name << '\n';
}

void print_json(const Diagnosis& diagnosis) {
    Json out{{"version", 1}, {"findings", Json::array()}, {"claims", Json::object()}};
    for (const Remark& remark : diagnosis.remarks)
        out["findings"].push_back(
            {{"grade", to_string(remark.grade)}, {"about", remark.about}, {"text", remark.text}});
    for (const auto& [name, claimed] : diagnosis.claims) out["claims"][name] = claimed;
    std::cout << line_of(out) << '\n';
}

int doctor(const DoctorArguments& arguments) {
    const Diagnosis diagnosis = diagnose(arguments);
    if (arguments.json)
        print_json(diagnosis);
    else
        print_text(diagnosis);
    return diagnosis.exit;
}

}  // namespace

void add_doctor(CLI::App& app, DoctorArguments& arguments, Verb& verb) {
    CLI::App* const command =
        app.add_subcommand("doctor", "Examine a backend, and tell what it is good for");
    add_url(*command, arguments.backend);
    command->add_flag("--deep", arguments.deep, "Take and give up a lock of its own, too");
    command->add_flag("--json", arguments.json, "Print JSON");
    command->callback([&] {
        verb = [&] { return run_production("doctor", [&] { return doctor(arguments); }); };
    });
}

}  // namespace conclave::tool
