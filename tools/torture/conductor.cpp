#include "conductor.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>

namespace conclave::torture {

namespace {

/// After the end of the run: for farewells to the backend, which are bounded themselves.
constexpr std::int64_t farewell_ns = 15'000'000'000;
constexpr std::int64_t start_limit_ns = 5'000'000'000;

sigset_t awaited_signals() {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int each : {SIGCHLD, SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&set, each);
    return set;
}

bool has_started(const std::string& journal_path) {
    std::ifstream in(journal_path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str().find("\"what\":\"started\"") != std::string::npos;
}

}  // namespace

Conductor::Conductor(ConductorOptions options, Servers& servers, NetSpaces* net_spaces)
    : options_(std::move(options)),
      servers_(servers),
      net_spaces_(net_spaces),
      clients_(options_.clients) {}

Conducted Conductor::run() {
    const sigset_t awaited = awaited_signals();
    sigset_t before;
    ::sigprocmask(SIG_BLOCK, &awaited, &before);
    conducted_.begin_ns = boot_time_ns();
    const std::int64_t end_ns = conducted_.begin_ns + options_.length.count();
    options_.run.end = TimePoint(Duration(end_ns));
    for (std::uint32_t number = 0; number < options_.clients; ++number) start_client(number);
    for (const Fault& fault : options_.faults)
        at(conducted_.begin_ns + fault.at.count(), [this, &fault] { begin(fault); });
    at(std::min(end_ns, conducted_.begin_ns + start_limit_ns),
       [this] { check_that_somebody_started(); });
    conduct(end_ns + farewell_ns, [this] { return agenda_.empty() && all_ended(); });
    end_all();
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    return std::move(conducted_);
}

void Conductor::start_client(std::uint32_t number) {
    Client& client = clients_[number];
    ClientOptions options;
    options.who = {client_name(number), ++client.incarnation};
    options.handles = number % 2 == 0;
    const std::string path = options_.folder + "/" + options.who.process + "." +
                             std::to_string(options.who.number) + ".journal";
    if (client.last_end) conducted_.ended[*client.last_end].end.back_ns = boot_time_ns();
    std::function<void()> prepare;
    if (net_spaces_) prepare = net_spaces_->prepare(number);
    client.process = std::make_unique<ClientProcess>(options_.run, options, path, prepare);
    if (net_spaces_) net_spaces_->link(number, client.process->pid());
}

void Conductor::note_end(std::uint32_t number, std::int64_t at_ns, bool killed) {
    Client& client = clients_[number];
    client.last_end = conducted_.ended.size();
    Conducted::Ended& ended = conducted_.ended.emplace_back();
    ended.end.who = client.process->who();
    ended.end.at_ns = at_ns;
    ended.end.killed = killed;
    ended.journal_path = client.process->journal_path();
    client.process.reset();
    if (net_spaces_) net_spaces_->unlink(number);
}

void Conductor::begin(const Fault& fault) {
    const std::int64_t now = boot_time_ns();
    const std::uint32_t target = fault.target;
    const bool server =
        fault.kind == FaultKind::pause_server || fault.kind == FaultKind::kill_server;
    if (!server && !clients_[target].process) return;  // it gave up, which is told already
    ++conducted_.faults;
    Action undo;
    switch (fault.kind) {
        case FaultKind::pause:
            clients_[target].process->stop();
            undo = [this, target, now] {
                conducted_.pauses.push_back({client_name(target), now, boot_time_ns()});
                if (clients_[target].process) clients_[target].process->go_on();
            };
            break;
        case FaultKind::kill:
            note_end(target, clients_[target].process->kill(), true);
            undo = [this, target] { start_client(target); };
            break;
        case FaultKind::cut:
            net_spaces_->cut(target);
            undo = [this, target, now] {
                if (clients_[target].process) net_spaces_->heal(target);
                conducted_.cuts.push_back({client_name(target), now, boot_time_ns()});
            };
            break;
        case FaultKind::pause_server:
            servers_.stop(target);
            undo = [this, target] { servers_.go_on(target); };
            break;
        case FaultKind::kill_server:
            servers_.kill(target);
            undo = [this, target] { servers_.restart(target); };
            break;
    }
    at(now + fault.length.count(), std::move(undo));
}

void Conductor::conduct(std::int64_t end_ns, const std::function<bool()>& done) {
    while (!done() && conducted_.signal == 0 && !conducted_.nobody_started) {
        const std::int64_t now = boot_time_ns();
        if (now >= end_ns) return;
        if (agenda_.empty() || agenda_.begin()->first > now) {
            wait_for_signal(agenda_.empty() ? end_ns : std::min(end_ns, agenda_.begin()->first));
            look_for_ends();
            continue;
        }
        const Action action = std::move(agenda_.begin()->second);
        agenda_.erase(agenda_.begin());
        action();
    }
}

void Conductor::wait_for_signal(std::int64_t end_ns) {
    const std::int64_t left = std::max<std::int64_t>(end_ns - boot_time_ns(), 0);
    const timespec length{left / 1'000'000'000, left % 1'000'000'000};
    const sigset_t awaited = awaited_signals();
    const int signal = ::sigtimedwait(&awaited, nullptr, &length);
    if (signal > 0 && signal != SIGCHLD) conducted_.signal = signal;
}

void Conductor::look_for_ends() {
    for (std::uint32_t number = 0; number < clients_.size(); ++number) {
        ClientProcess* const process = clients_[number].process.get();
        if (!process || !process->ended()) continue;
        const int status = process->wait_status();
        const bool proper =
            WIFEXITED(status) && (WEXITSTATUS(status) == static_cast<int>(ClientExit::ran) ||
                                  WEXITSTATUS(status) == static_cast<int>(ClientExit::gave_up));
        if (!proper)
            conducted_.crashes.push_back(
                process->who().process +
                (WIFSIGNALED(status) ? " was ended by signal " + std::to_string(WTERMSIG(status))
                                     : " ended with " + std::to_string(WEXITSTATUS(status))));
        note_end(number, boot_time_ns(), !proper);
    }
}

bool Conductor::all_ended() {
    return std::ranges::none_of(clients_,
                                [](const Client& client) { return client.process != nullptr; });
}

void Conductor::check_that_somebody_started() {
    for (const Conducted::Ended& each : conducted_.ended)
        if (has_started(each.journal_path)) return;
    for (const Client& client : clients_)
        if (client.process && has_started(client.process->journal_path())) return;
    conducted_.nobody_started = true;
}

// A stopped client cannot end by itself, and one whose backend does not answer may take long.
void Conductor::end_all() {
    for (std::uint32_t number = 0; number < clients_.size(); ++number)
        if (ClientProcess* const process = clients_[number].process.get())
            note_end(number, process->kill(), true);
}

}  // namespace conclave::torture
