#include "guard_child.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace conclave::tool {

namespace {

[[noreturn]] void become(const GuardPlan& plan, pid_t guard, int failure) noexcept {
    ::setpgid(0, 0);
    // SIGTTOU is blocked, as everything still is: else this would stop us.
    if (plan.foreground) ::tcsetpgrp(STDIN_FILENO, ::getpid());
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // somebody may kill the guard itself
    if (::getppid() == guard) {
        ::sigprocmask(SIG_SETMASK, &plan.mask, nullptr);
        ::execvpe(plan.command[0], plan.command, plan.environment);
    }
    const int reason = errno;
    [[maybe_unused]] const ssize_t written = ::write(failure, &reason, sizeof reason);
    ::_exit(127);
}

}  // namespace

Started start_child(const GuardPlan& plan) noexcept {
    int failure[2];
    if (::pipe2(failure, O_CLOEXEC | O_NONBLOCK) != 0) return {-1, errno, -1};
    const pid_t guard = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) become(plan, guard, failure[1]);
    if (pid < 0) return {-1, errno, -1};
    ::setpgid(pid, pid);  // so does the child; whoever is first, the group is there when we return
    ::close(failure[1]);
    return {pid, 0, failure[0]};
}

int execution_error(int failure) noexcept {
    int reason = 0;
    return ::read(failure, &reason, sizeof reason) == sizeof reason ? reason : 0;
}

void write_digits(std::uint64_t number, char* digits) noexcept {
    char* end = digits;
    do *end++ = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    *end = 0;
    std::reverse(digits, end);
}

}  // namespace conclave::tool
