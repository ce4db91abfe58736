#include "client_loop.hpp"

#include <array>
#include <exception>

#include "conclave/gate.hpp"
#include "conclave/scenarios/observed/observed_driver.hpp"
#include "rounds.hpp"

namespace conclave::torture {

namespace {

constexpr std::array workload_names = {"lock", "leader", "group"};
constexpr Duration retry_interval = std::chrono::milliseconds(100);

/// An error that no later attempt can mend.
bool is_final(const Error& error) {
    const ErrorCode code = error.error_code();
    return code == ErrorCode::bad_option || code == ErrorCode::driver_chosen_poorly ||
           code == ErrorCode::not_implemented || code == ErrorCode::access_denied;
}

Options options_of(const RunOptions& run) {
    const std::string seconds = std::to_string(std::chrono::duration<double>(run.ttl).count());
    Options options{{"timeout", seconds}, {"membership_timeout", seconds}};
    // Locks of a folder do not lapse, and its driver refuses to be told when.
    if (!run.url.starts_with("file:")) options.emplace("lock_timeout", seconds);
    return options;
}

ClientTimes times_of(const RunOptions& run) {
    return {.operation = std::max<Duration>(run.ttl, std::chrono::seconds(1)),
            .poll = run.ttl / 40};
}

/// False when the run ends first.
template <class Start>
bool until_up(Stage& stage, const Start& start) {
    while (!stage.over()) {
        try {
            start();
            return true;
        } catch (const Error& error) {
            if (is_final(error)) throw;
        }
        stage.rest(retry_interval);
    }
    return false;
}

void loop(Stage& stage, Rounds& rounds) {
    while (!stage.over()) {
        bool failed = false;
        try {
            rounds.round();
        } catch (const Error& error) {
            if (is_final(error)) throw;
            failed = true;
        }
        stage.rest(failed ? retry_interval : stage.draw.between(Duration(0), stage.run.ttl / 50));
    }
}

template <class Face>
std::unique_ptr<Rounds> make_rounds(Stage& stage, Face& face) {
    switch (stage.run.workload) {
        case Workload::leader: return make_leader_rounds(stage, face);
        case Workload::group: return make_group_rounds(stage, face);
        case Workload::lock: break;
    }
    return make_lock_rounds(stage, face);
}

/// Loops, and stops `face` whatever happens: what it leaves behind could not be cancelled.
template <class Face>
void loop_and_stop(Stage& stage, Face& face) {
    std::exception_ptr failure;
    try {
        const std::unique_ptr<Rounds> rounds = make_rounds(stage, face);
        loop(stage, *rounds);
    } catch (const Error&) {
        failure = std::current_exception();
    }
    stage.journal.stopping(stage.now());
    face.stop(times_of(stage.run).operation);
    if (failure) std::rethrow_exception(failure);
}

}  // namespace

std::string_view to_string(Workload workload) noexcept {
    return workload_names[static_cast<std::size_t>(workload)];
}

std::optional<Workload> workload_named(std::string_view name) noexcept {
    for (std::size_t i = 0; i < workload_names.size(); ++i)
        if (workload_names[i] == name) return static_cast<Workload>(i);
    return std::nullopt;
}

std::string member_of(const RunOptions& run, const std::string& process) {
    return run.run + "-" + process;
}

void run_client(Runtime& runtime, const RunOptions& run, const ClientOptions& client,
                const DriverRegistry& drivers, Journal& journal) {
    Stage stage(runtime, run, client, journal);
    scenarios::CallLog log([&stage] { return stage.now(); }, &journal);
    log.set_life_prefix(std::to_string(client.who.number) + ".");
    const std::string member = member_of(run, client.who.process);
    const auto make_driver = [&] {
        return scenarios::observe(runtime, drivers.make(runtime, run.url, member, options_of(run)),
                                  member, run.ttl, client.who, log);
    };
    InlineGate gate(runtime);
    if (client.handles) {
        std::optional<Client> started;
        const auto start = [&] {
            started = Client::start(gate, make_driver(), MemberId(member), {}, times_of(run));
        };
        if (!until_up(stage, start)) return;
        journal.started(started->claims());
        loop_and_stop(stage, *started);
        return;
    }
    Coordinator coordinator(gate, make_driver(), member, times_of(run));
    if (!until_up(stage, [&] { coordinator.start(true); })) return;
    journal.started(coordinator.claims());
    loop_and_stop(stage, coordinator);
}

}  // namespace conclave::torture
