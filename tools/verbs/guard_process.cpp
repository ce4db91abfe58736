#include "guard_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "guard_child.hpp"

namespace conclave::tool {

namespace {

constexpr std::int64_t second = 1'000'000'000;
/// How often SIGKILL is repeated while the group is not empty.
constexpr std::int64_t kill_again_after = second / 20;

std::int64_t now() noexcept {
    timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return time.tv_sec * second + time.tv_nsec;
}

class GuardProcess {
public:
    GuardProcess(const GuardPlan& plan, int channel) noexcept : plan_(plan), channel_(channel) {}

    [[noreturn]] void run() noexcept {
        prepare();
        for (;;) {
            pollfd ready[] = {{channel_, POLLIN, 0}, {children_, POLLIN, 0}, {timer_, POLLIN, 0}};
            if (::poll(ready, 3, -1) < 0 && errno != EINTR) ::_exit(1);
            // Time first: an order that comes too late must not extend anything.
            if (group_ > 0) check_time();
            if (ready[1].revents != 0) note_children();
            if (ready[0].revents != 0) take_order();
        }
    }

private:
    enum class Phase { waiting, running, terminating, killing };

    void prepare() noexcept {
        ::setpgid(0, 0);
        ::prctl(PR_SET_NAME, "conclave-guard");
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
        sigset_t all;
        ::sigfillset(&all);
        ::sigprocmask(SIG_BLOCK, &all, nullptr);
        sigset_t child;
        ::sigemptyset(&child);
        ::sigaddset(&child, SIGCHLD);
        children_ = ::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
        timer_ = ::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
        // Without its clock it cannot do what it is for: the tool sees its end and starts nothing.
        if (children_ < 0 || timer_ < 0) ::_exit(1);
    }

    void arm(std::int64_t at) noexcept {
        itimerspec when{};
        at = std::max<std::int64_t>(at, 1);  // zero would disarm it
        when.it_value = {static_cast<time_t>(at / second), static_cast<long>(at % second)};
        ::timerfd_settime(timer_, TFD_TIMER_ABSTIME, &when, nullptr);
    }

    void take_order() noexcept {
        Order order;
        // What is sent along stays open, and so locked, until this process ends.
        alignas(cmsghdr) char control[CMSG_SPACE(8 * sizeof(int))];
        iovec part{&order, sizeof order};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        const ssize_t bytes = ::recvmsg(channel_, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
        if (bytes < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (bytes != sizeof order) return lose_tool();
        switch (order.kind) {
            case Order::Kind::keep: break;
            case Order::Kind::start: start(order); break;
            case Order::Kind::extend: extend(order.window); break;
            case Order::Kind::pass_on:
                if (group_ > 0) ::kill(-group_, order.signal);
                break;
        }
    }

    void lose_tool() noexcept {
        ::close(channel_);
        channel_ = -1;
        if (group_ <= 0) ::_exit(0);
        if (phase_ == Phase::running) terminate();
    }

    void start(const Order& order) noexcept {
        if (phase_ != Phase::waiting) return;
        window_ = order.window;
        if (now() >= window_.terminate_at) refuse(0);
        write_digits(order.token, plan_.token_digits);
        const Started started = start_child(plan_);
        if (started.pid <= 0) refuse(started.error);
        group_ = started.pid;
        failure_ = started.failure;
        phase_ = Phase::running;
        arm(window_.terminate_at);
        report({Report::Kind::started, group_, false});
    }

    [[noreturn]] void refuse(int error) noexcept {
        report({Report::Kind::not_started, error, error == 0});
        ::_exit(0);
    }

    void extend(const Window& window) noexcept {
        if (phase_ != Phase::running) return;
        window_ = window;
        arm(window_.terminate_at);
        check_time();
    }

    void check_time() noexcept {
        const std::int64_t time = now();
        if (phase_ == Phase::running && time >= window_.terminate_at) {
            overstepped_ = true;
            terminate();
        }
        if (phase_ == Phase::terminating && time >= window_.kill_at) phase_ = Phase::killing;
        if (phase_ != Phase::killing || time < next_kill_) return;
        ::kill(-group_, SIGKILL);
        next_kill_ = time + kill_again_after;
        arm(next_kill_);
    }

    /// SIGKILL follows, by the window or sooner.
    void terminate() noexcept {
        window_.kill_at = std::min(window_.kill_at, now() + plan_.kill_after);
        phase_ = Phase::terminating;
        ::kill(-group_, SIGTERM);
        ::kill(-group_, SIGCONT);  // one that is stopped could not end by itself
        arm(window_.kill_at);
    }

    void note_children() noexcept {
        signalfd_siginfo drained;
        while (::read(children_, &drained, sizeof drained) > 0) {
        }
        int status = 0;
        for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0;) {
            if (WIFSTOPPED(status))
                continue_job(pid, WSTOPSIG(status));
            else if (pid == group_)
                leader_ended_ = true, status_ = status;
        }
        if (!leader_ended_) return;
        if (group_is_empty()) finish();
        // What CMD left behind in its group works under the hold as CMD did.
        if (phase_ == Phase::running) terminate();
    }

    // The shell that would continue a job knows the tool only, which goes on.
    void continue_job(pid_t pid, int signal) noexcept {
        if (plan_.foreground && pid == group_ && signal == SIGTSTP) ::kill(-group_, SIGCONT);
    }

    bool group_is_empty() const noexcept {
        siginfo_t info;
        return ::waitid(P_PGID, static_cast<id_t>(group_), &info, WEXITED | WNOHANG | WNOWAIT) <
                   0 &&
               errno == ECHILD;
    }

    [[noreturn]] void finish() noexcept {
        if (plan_.foreground) ::tcsetpgrp(STDIN_FILENO, plan_.tool_group);
        if (const int error = execution_error(failure_))
            report({Report::Kind::not_started, error, false});
        else
            report({Report::Kind::ended, status_, overstepped_});
        ::_exit(0);
    }

    void report(const Report& report) noexcept {
        if (channel_ >= 0) ::send(channel_, &report, sizeof report, MSG_NOSIGNAL | MSG_DONTWAIT);
    }

    const GuardPlan& plan_;
    int channel_;
    int children_ = -1;
    int timer_ = -1;
    Phase phase_ = Phase::waiting;
    Window window_;
    std::int64_t next_kill_ = 0;
    pid_t group_ = 0;
    int failure_ = -1;
    bool leader_ended_ = false;
    bool overstepped_ = false;
    int status_ = 0;
};

}  // namespace

void run_guard(const GuardPlan& plan, int channel) noexcept { GuardProcess(plan, channel).run(); }

}  // namespace conclave::tool
