#include "run_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "client_process.hpp"

namespace conclave::torture {

namespace {

[[noreturn]] void become(const std::vector<std::string>& arguments,
                         const std::vector<std::string>& environment, int output) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::dup2(output, STDOUT_FILENO);
    for (const std::string& each : environment) ::putenv(const_cast<char*>(each.c_str()));
    std::vector<char*> pointers;
    for (const std::string& each : arguments) pointers.push_back(const_cast<char*>(each.c_str()));
    pointers.push_back(nullptr);
    ::execvp(pointers[0], pointers.data());
    ::_exit(127);
}

int milliseconds_until(std::int64_t end_ns) {
    const std::int64_t left = (end_ns - boot_time_ns()) / 1'000'000;
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000));
}

/// What comes until its end, or until `end_ns`; a daemon that it leaves behind may keep it open.
std::string read_output(int file, pid_t program, std::int64_t end_ns, int& status, bool& ended) {
    std::string text;
    std::array<char, 4096> chunk{};
    while (boot_time_ns() < end_ns) {
        if (!ended) ended = ::waitpid(program, &status, WNOHANG) == program;
        pollfd waiting{file, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, ended ? 0 : std::min(20, milliseconds_until(end_ns)));
        if (ready <= 0 && ended) break;
        if (ready <= 0) continue;
        const ssize_t bytes = ::read(file, chunk.data(), chunk.size());
        if (bytes > 0) text.append(chunk.data(), static_cast<std::size_t>(bytes));
        else if (ended) break;
    }
    return text;
}

}  // namespace

ProgramEnd run_program(const std::vector<std::string>& arguments, Duration limit,
                       const std::vector<std::string>& environment) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    const std::int64_t end_ns = boot_time_ns() + limit.count();
    const pid_t program = ::fork();
    if (program == 0) become(arguments, environment, ends[1]);
    const int reason = errno;
    ::close(ends[1]);
    if (program < 0) {
        ::close(ends[0]);
        throw std::system_error(reason, std::generic_category(), arguments.front());
    }
    ProgramEnd end;
    int status = 0;
    bool ended = false;
    end.text = read_output(ends[0], program, end_ns, status, ended);
    ::close(ends[0]);
    if (!ended) {
        ::kill(program, SIGKILL);
        ::waitpid(program, &status, 0);
        return end;
    }
    end.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return end;
}

}  // namespace conclave::torture
