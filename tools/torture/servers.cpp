#include "servers.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {  // the header of glibc 2.36 does not say so itself
#include <sys/pidfd.h>
}

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "run_program.hpp"

namespace conclave::torture {

namespace {

constexpr int gone_limit_ms = 10'000;
constexpr Duration restart_limit = std::chrono::seconds(30);

void send(int descriptor, int signal) { ::pidfd_send_signal(descriptor, signal, nullptr, 0); }

std::string last_line(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    return text.substr(text.rfind('\n') + 1);
}

}  // namespace

Servers::Server Servers::open(pid_t pid) {
    if (pid <= 1 || pid == ::getpid())
        throw ServerTrouble{"server process " + std::to_string(pid) + ": not a server"};
    const int descriptor = ::pidfd_open(pid, 0);
    if (descriptor < 0 || ::pidfd_send_signal(descriptor, 0, nullptr, 0) != 0)
        throw ServerTrouble{"server process " + std::to_string(pid) + ": " +
                            std::strerror(errno)};
    return {pid, descriptor};
}

Servers::Servers(const std::vector<pid_t>& pids, std::string restart_command)
    : restart_command_(std::move(restart_command)) {
    for (const pid_t pid : pids) servers_.push_back(open(pid));
    if (!servers_.empty()) start_helper();
}

// It lives until our end of the pipe is closed, which happens at our death too. Of a server that was
// restarted it knows nothing: its restart command would have to be run again.
void Servers::start_helper() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw ServerTrouble{std::strerror(errno)};
    helper_ = ::fork();
    if (helper_ == 0) {
        ::close(ends[1]);
        char nothing = 0;
        while (::read(ends[0], &nothing, 1) < 0 && errno == EINTR) {
        }
        for (const Server& server : servers_) send(server.descriptor, SIGCONT);
        ::_exit(0);
    }
    ::close(ends[0]);
    helper_pipe_ = ends[1];
}

Servers::~Servers() {
    for (const Server& server : servers_) {
        send(server.descriptor, SIGCONT);
        ::close(server.descriptor);
    }
    if (helper_pipe_ >= 0) ::close(helper_pipe_);
    if (helper_ > 0) ::waitpid(helper_, nullptr, 0);
}

void Servers::stop(std::uint32_t server) const { send(servers_[server].descriptor, SIGSTOP); }

void Servers::go_on(std::uint32_t server) const { send(servers_[server].descriptor, SIGCONT); }

void Servers::kill(std::uint32_t server) const {
    send(servers_[server].descriptor, SIGKILL);
    pollfd gone{servers_[server].descriptor, POLLIN, 0};
    if (::poll(&gone, 1, gone_limit_ms) != 1)
        throw ServerTrouble{"server process " + std::to_string(servers_[server].pid) +
                            " does not end"};
}

void Servers::restart(std::uint32_t server) {
    Server& old = servers_[server];
    const ProgramEnd end =
        run_program({"sh", "-c", restart_command_}, restart_limit,
                    {"CONCLAVE_SERVER_PID=" + std::to_string(old.pid)});
    const std::string line = last_line(end.text);
    const bool number = !line.empty() && line.size() < 10 &&
                        line.find_first_not_of("0123456789") == std::string::npos;
    if (!end.ok() || !number)
        throw ServerTrouble{"--restart-server ended with " + std::to_string(end.code) +
                            " and printed '" + line + "', not a process id"};
    const Server fresh = open(static_cast<pid_t>(std::stol(line)));
    ::close(old.descriptor);
    old = fresh;
}

}  // namespace conclave::torture
