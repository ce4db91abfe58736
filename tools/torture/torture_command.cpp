#include "torture_command.hpp"

#include <stdlib.h>
#include <sys/random.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "../report.hpp"
#include "../verbs/backend.hpp"
#include "conclave/scenarios/characteristics.hpp"
#include "history_lines.hpp"
#include "report.hpp"

namespace conclave::torture {

namespace {

using tool::Exit;
using tool::UsageError;

/// --netns is not possible here. Apart from the codes of `sim run`, so that nobody takes it for a pass.
constexpr int exit_not_possible = 6;
constexpr Duration ttl_min = std::chrono::milliseconds(200);

std::uint64_t fresh_number() {
    std::uint32_t number = 0;
    if (::getrandom(&number, sizeof number, 0) != sizeof number)
        throw std::system_error(errno, std::generic_category(), "no random number");
    return number;
}

std::string hex(std::uint64_t number) {
    std::array<char, 20> text{};
    std::snprintf(text.data(), text.size(), "%08llx", static_cast<unsigned long long>(number));
    return text.data();
}

/// Where the journals are while the run lasts.
class JournalFolder {
public:
    JournalFolder() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "conclave-torture-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr)
            throw std::system_error(errno, std::generic_category(), pattern);
        path_ = pattern;
    }
    ~JournalFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    JournalFolder(const JournalFolder&) = delete;
    JournalFolder& operator=(const JournalFolder&) = delete;
    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

RunOptions run_options(const TortureArguments& arguments) {
    RunOptions run;
    run.url = arguments.url;
    run.run = "torture-" + hex(fresh_number());
    run.workload = *workload_named(arguments.workload);
    run.ttl = tool::duration_of(arguments.ttl, "--ttl");
    if (run.ttl < ttl_min) throw UsageError("--ttl: expected at least 200ms");
    run.seed = arguments.seed.empty() ? fresh_number() : tool::number(arguments.seed, "--seed");
    return run;
}

std::vector<Fault> faults_of(const TortureArguments& arguments, const RunOptions& run,
                             Duration length) {
    FaultOptions options;
    options.seed = run.seed;
    options.ttl = run.ttl;
    options.length = length;
    options.clients = arguments.clients;
    options.servers = static_cast<std::uint32_t>(arguments.server_pids.size());
    options.cuts = arguments.net_spaces;
    options.server_kills = arguments.kill_servers;
    return draw_faults(options);
}

void check(const TortureArguments& arguments) {
    if (arguments.kill_servers && arguments.server_pids.empty())
        throw UsageError("--kill-servers needs --server-pid");
    if (arguments.kill_servers != !arguments.restart_server.empty())
        throw UsageError("--kill-servers and --restart-server need each other");
    parse_url(arguments.url);
}

Merged merge(const Conducted& conducted, std::uint32_t clients) {
    Merged merged(conducted.begin_ns);
    for (const Conducted::Ended& each : conducted.ended) {
        std::ifstream journal(each.journal_path);
        merged.add(journal, each.end);
    }
    for (const Conducted::Window& pause : conducted.pauses)
        merged.paused(pause.client, pause.begin_ns, pause.end_ns);
    for (const Conducted::Window& cut : conducted.cuts) {
        std::vector<std::string> others;
        for (std::uint32_t number = 0; number < clients; ++number)
            if (client_name(number) != cut.client) others.push_back(client_name(number));
        merged.partitioned(cut.begin_ns, cut.end_ns, {cut.client}, others);
    }
    merged.finish();
    return merged;
}

std::string save_history(const TortureArguments& arguments, const RunOptions& run, Merged& merged) {
    const std::string path = !arguments.history.empty()
                                 ? arguments.history
                                 : ".conclave/torture/" + arguments.workload + "-" +
                                       std::to_string(run.seed) + ".jsonl";
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder);
    std::ofstream out(path);
    write_history(merged.log.of(kind_of(run.workload)), out);
    if (!out.flush()) throw scenarios::FileError(path + ": cannot be written");
    return path;
}

int torture(const TortureArguments& arguments) {
    check(arguments);
    const RunOptions run = run_options(arguments);
    const Duration length = tool::duration_of(arguments.length, "--for");
    if (length < run.ttl) throw UsageError("--for: expected at least the ttl");
    const std::vector<Fault> faults = faults_of(arguments, run, length);
    const JournalFolder folder;
    std::optional<NetSpaces> net_spaces;
    if (arguments.net_spaces) net_spaces.emplace(arguments.url, arguments.clients);
    Servers servers(std::vector<pid_t>(arguments.server_pids.begin(), arguments.server_pids.end()),
                    arguments.restart_server);
    std::cout << "torture of " << run.url << ": workload " << arguments.workload << ", seed "
              << run.seed << ", " << arguments.clients << " clients, for " << arguments.length
              << ", ttl " << arguments.ttl << std::endl;
    Conductor conductor({run, length, arguments.clients, faults, folder.path()}, servers,
                        net_spaces ? &*net_spaces : nullptr);
    const Conducted conducted = conductor.run();
    if (conducted.signal != 0) return 128 + conducted.signal;
    Merged merged = merge(conducted, arguments.clients);
    const std::vector<Judgement> judgements =
        judge(merged, {run.workload, run.ttl, !conducted.cuts.empty()});
    const std::string history = save_history(arguments, run, merged);
    const Reported reported{run,       length, arguments.clients, faults,
                            conducted, merged, judgements,        history};
    print_report(reported, std::cout);
    if (!arguments.json.empty()) tool::write_file(arguments.json, to_json(reported));
    return exit_code(reported);
}

int tell(int code, const std::string& text) {
    std::cerr << "conclave torture: " << text << '\n';
    return code;
}

int torture_command(const TortureArguments& arguments) {
    try {
        return torture(arguments);
    } catch (const UsageError& error) {
        return tell(Exit::usage, error.what());
    } catch (const Error& error) {
        return tell(Exit::usage, error.what());
    } catch (const ServerTrouble& trouble) {
        return tell(Exit::usage, trouble.text);
    } catch (const NetTrouble& trouble) {
        return tell(exit_not_possible, "NOT RUN, --netns is not possible: " + trouble.text);
    }
}

}  // namespace

void add_torture(CLI::App& app, TortureArguments& arguments, std::function<int()>& verb) {
    CLI::App* command = app.add_subcommand(
        "torture", "Disturb clients of a real backend, and judge what they were told");
    command->add_option("--url", arguments.url, "The backend: redis://..., rediss://... or file:///...")
        ->envname("CONCLAVE_URL")
        ->required();
    command->add_option("--for", arguments.length, "How long")->capture_default_str();
    command->add_option("--ttl", arguments.ttl, "Of leases and memberships")->capture_default_str();
    command->add_option("--clients", arguments.clients, "Client processes")
        ->check(CLI::Range(2, 64))
        ->capture_default_str();
    command->add_option("--seed", arguments.seed, "Of faults and workloads; a fresh one when absent")
        ->check(CLI::NonNegativeNumber);
    command->add_option("--workload", arguments.workload)
        ->check(CLI::IsMember({"lock", "leader", "group"}))
        ->capture_default_str();
    command->add_option("--server-pid", arguments.server_pids,
                        "Servers that are stopped and continued too");
    command->add_flag("--kill-servers", arguments.kill_servers, "Kill them as well");
    command->add_option("--restart-server", arguments.restart_server,
                        "Run by sh after a kill, with CONCLAVE_SERVER_PID; prints the new process id");
    command->add_flag("--netns", arguments.net_spaces,
                      "Give each client a network namespace whose link is cut now and then (root)");
    command->add_option("--json", arguments.json, "Write the report as JSON; - is stdout");
    command->add_option("--history", arguments.history,
                        "Where the calls go, for conclave check; "
                        ".conclave/torture/WORKLOAD-SEED.jsonl when absent");
    command->callback([&] { verb = [&] { return torture_command(arguments); }; });
}

}  // namespace conclave::torture
