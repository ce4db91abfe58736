#include "client_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <system_error>

#include "conclave/asio_runtime.hpp"
#include "conclave/drivers/all_drivers.hpp"

namespace conclave::torture {

namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// A journal that cannot be written makes the run worthless: the process ends at once.
void append_line(int file, const std::string& line) {
    const std::string text = line + "\n";
    for (std::size_t done = 0; done < text.size();) {
        const ssize_t bytes = ::write(file, text.data() + done, text.size() - done);
        if (bytes < 0 && errno == EINTR) continue;
        if (bytes <= 0) ::_exit(static_cast<int>(ClientExit::broken));
        done += static_cast<std::size_t>(bytes);
    }
}

/// The parent blocks signals, which is inherited.
void begin_child(pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(static_cast<int>(ClientExit::broken));
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
}

int run_child(const RunOptions& run, const ClientOptions& client, const std::string& journal_path,
              const std::function<void()>& prepare) {
    const int file =
        ::open(journal_path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return static_cast<int>(ClientExit::broken);
    Journal journal([file](const std::string& line) { append_line(file, line); });
    try {
        if (prepare) prepare();
        const DriverRegistry drivers = all_drivers();
        run_on_this_thread(
            [&](Runtime& runtime) { run_client(runtime, run, client, drivers, journal); });
        return static_cast<int>(ClientExit::ran);
    } catch (const Error& error) {
        journal.gave_up(error.what());
        return static_cast<int>(ClientExit::gave_up);
    } catch (const std::exception& error) {
        journal.gave_up(error.what());
        return static_cast<int>(ClientExit::broken);
    }
}

}  // namespace

std::int64_t boot_time_ns() noexcept {
    timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

ClientProcess::ClientProcess(const RunOptions& run, const ClientOptions& client,
                             const std::string& journal_path, const std::function<void()>& prepare)
    : who_(client.who), journal_path_(journal_path) {
    // What is buffered would be written twice.
    std::cout.flush();
    std::fflush(nullptr);
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0) fail("a client process cannot be started");
    if (pid_ > 0) return;
    begin_child(parent);
    ::_exit(run_child(run, client, journal_path, prepare));
}

ClientProcess::~ClientProcess() { kill(); }

void ClientProcess::stop() noexcept {
    if (!ended()) ::kill(pid_, SIGSTOP);
}

void ClientProcess::go_on() noexcept {
    if (!ended()) ::kill(pid_, SIGCONT);
}

std::int64_t ClientProcess::kill() noexcept {
    const std::int64_t at_ns = boot_time_ns();
    if (ended()) return at_ns;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
    reaped_ = true;
    return at_ns;
}

bool ClientProcess::ended() noexcept {
    if (!reaped_) reaped_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
    return reaped_;
}

}  // namespace conclave::torture
