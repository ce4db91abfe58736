#include "workload.hpp"

#include <algorithm>

#include "backend.hpp"
#include "conclave/gate.hpp"
#include "conclave/scenarios/observed/observed_driver.hpp"

namespace conclave::scenarios {

namespace {

/// Every process opens its backend twice, and each of the two takes the process's steps: under two
/// names, or under one, with some who share.
constexpr std::string_view lock_twice = "lock_twice";
constexpr std::string_view shared_lock = "shared_lock";

bool is_about_locks(const std::string& kind) {
    return kind == "lock" || kind == "herd" || kind == lock_twice || kind == shared_lock;
}

std::unique_ptr<Workload> make_workload(WorkloadParts parts, Coordinator& coordinator) {
    const std::string& kind = parts.plan.workload;
    if (is_about_locks(kind)) return make_lock_workload(parts, coordinator);
    if (kind == "leader") return make_leader_workload(parts, coordinator);
    if (kind == "create_race") return make_create_race_workload(parts, coordinator);
    if (kind == "lock_names") return make_lock_names_workload(parts, coordinator);
    if (kind == "ring") return make_ring_workload(parts, coordinator);
    if (kind == "rejoin") return make_rejoin_workload(parts, coordinator);
    if (kind == "capabilities") return make_capabilities_workload(parts, coordinator);
    return make_group_workload(parts, coordinator);
}

std::unique_ptr<Workload> make_workload(WorkloadParts parts, Client& client) {
    const std::string& kind = parts.plan.workload;
    if (is_about_locks(kind)) return make_mutex_workload(parts, client);
    if (kind == "leader") return make_election_workload(parts, client);
    if (kind == "capabilities") return make_capabilities_workload(parts, client);
    return make_membership_workload(parts, client);
}

/// The backend may be unreachable when the process starts: it tries until it is. False when the
/// process ends first.
bool until_up(Runtime& runtime, const std::function<void()>& start) {
    for (;;) {
        try {
            start();
            return true;
        } catch (const Error&) {
            if (!sleep_for(runtime, std::chrono::milliseconds(500))) return false;
        }
    }
}

}  // namespace

bool all_share(const Plan& plan) {
    return std::ranges::all_of(plan.clients, [](const ClientPlan& client) {
        return std::ranges::all_of(client.steps, shares);
    });
}

std::string to_text(const Leader& leader) {
    switch (leader.known) {
        case Leader::Known::nobody: return "nobody leads";
        case Leader::Known::member: return leader.member_id + " leads";
        case Leader::Known::foreign: break;
    }
    return "somebody leads";
}

bool recorded(Recorder& recorder, properties::Operation& operation,
              const std::function<std::string()>& body) {
    std::string result;
    properties::Status status = properties::Status::ok;
    try {
        result = body();
    } catch (const Error& error) {
        result = error.what();
        status = error.effect() == Effect::none ? properties::Status::failed
                                                : properties::Status::unknown;
    }
    recorder.finish(operation, status, std::move(result));
    return status == properties::Status::ok;
}

namespace {

/// One incarnation of one client.
struct Part {
    sim::Process& process;
    const Plan& plan;
    std::span<const ClientPlan> clients;  ///< more than one: threads
    Recorder& recorder;
    RunNotes& notes;
    Access access;
};

void note_claims(RunNotes& notes, const Claims& claims) {
    if (!notes.claims_known) notes.claims = claims;
    notes.claims_known = true;
}

void run_steps(const Part& part, const ClientPlan& client, Workload& workload) {
    workload.begin();
    const std::int64_t begun_ns = part.recorder.now();
    std::vector<std::int64_t>& began = part.notes.step_begin_ns[client.name];
    began.resize(client.steps.size(), properties::never_ns);
    for (std::size_t i = 0; i < client.steps.size(); ++i) {
        const Step& step = client.steps[i];
        const bool missed_while_dead =
            part.process.incarnation() > 1 && step.at.count() < begun_ns;
        if (missed_while_dead) continue;
        sleep_until(part.process.runtime(),
                    Deadline(part.process.to_local(sim::at_time(step.at))));
        began[i] = std::min(began[i], part.recorder.now());
        workload.step(step);
    }
    workload.end();
}

std::unique_ptr<Driver> make_driver(const Part& part) {
    std::unique_ptr<Driver> driver = part.notes.drivers.make(
        part.process.runtime(), part.access.url, part.process.name(), part.access.options);
    CallLog* const calls = part.recorder.calls();
    if (!calls) return driver;
    const Duration timeout = backend_of(part.plan).membership_timeout(part.plan.driver_options);
    return observe(part.process.runtime(), std::move(driver), part.process.name(), timeout,
                   {part.process.name(), part.process.incarnation()}, *calls);
}

/// The steps of every client of the part, each on a fiber of its own when there are several.
template <class Face>
void run_all_steps(const Part& part, Face& face) {
    const auto run_one = [&part, &face](const ClientPlan& client) {
        GuardedWork work(part.process, part.plan);
        const std::unique_ptr<Workload> workload = make_workload(
            {part.process, client.name, part.plan, part.recorder, work}, face);
        run_steps(part, client, *workload);
    };
    if (part.clients.size() == 1) return run_one(part.clients.front());
    TaskGroup threads(part.process.runtime().scheduler);
    for (const ClientPlan& client : part.clients)
        threads.spawn([&part, &client, &run_one] {
            if (CallLog* const calls = part.recorder.calls()) calls->enter(client.name);
            run_one(client);
        });
    threads.join();
}

/// Whatever ends the work: a face that is destroyed while it is started ends the program.
template <class Face>
void stop_after(Face& face, const std::function<void()>& work) {
    std::exception_ptr failure;
    try {
        work();
    } catch (const Error&) {
        failure = std::current_exception();
    }
    face.stop();  // outside the handler, because it parks
    if (failure) std::rethrow_exception(failure);
}

void run_coordinator(const Part& part) {
    Runtime& runtime = part.process.runtime();
    InlineGate gate(runtime);
    Coordinator coordinator(gate, make_driver(part), part.process.name());
    if (!until_up(runtime, [&] { coordinator.start(true); })) return;
    note_claims(part.notes, coordinator.claims());
    stop_after(coordinator, [&] { run_all_steps(part, coordinator); });
}

void run_handles(const Part& part) {
    Runtime& runtime = part.process.runtime();
    InlineGate gate(runtime);
    std::optional<Client> client;
    const auto start = [&] {
        client = Client::start(gate, make_driver(part), part.process.name());
    };
    if (!until_up(runtime, start)) return;
    note_claims(part.notes, client->claims());
    stop_after(*client, [&] { run_all_steps(part, *client); });
}

void run_part(const Part& part) {
    if (part.clients.front().handles) run_handles(part);
    else run_coordinator(part);
}

}  // namespace

void run_client(sim::Process& process, const Plan& plan, const ClientPlan& client,
                Recorder& recorder, RunNotes& notes) {
    const Backend& backend = backend_of(plan);
    Part part{process, plan, {&client, 1}, recorder, notes, backend.access(plan)};
    if (plan.workload == "shutdown") {
        const auto make = [&part] {
            std::unique_ptr<Driver> driver = make_driver(part);
            note_claims(part.notes, driver->claims());
            return driver;
        };
        return run_shutdowns(process, plan, client, recorder, make);
    }
    if (plan.workload == lock_twice || plan.workload == shared_lock) {
        Part second = part;
        if (plan.workload == lock_twice) second.access = backend.second_access(plan);
        process.tasks().spawn([second] { run_part(second); });
    }
    run_part(part);
}

void run_threads(sim::Process& process, const Plan& plan, Recorder& recorder, RunNotes& notes) {
    run_part({process, plan, plan.clients, recorder, notes, backend_of(plan).access(plan)});
}

}  // namespace conclave::scenarios
