#include "held_command.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <future>
#include <optional>

#include "production.hpp"

namespace conclave::tool {

namespace {

/// Something to poll for that another thread sets.
class Flag {
public:
    Flag() : descriptor_(::eventfd(0, EFD_CLOEXEC)) {}
    ~Flag() { ::close(descriptor_); }
    Flag(const Flag&) = delete;
    Flag& operator=(const Flag&) = delete;
    void set() { ::eventfd_write(descriptor_, 1); }
    int descriptor() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

/// Sets a flag however its scope ends.
struct SetAtEnd {
    Flag& flag;
    ~SetAtEnd() { flag.set(); }
};

Window window_of(const Validity& validity, Duration kill_after) {
    const TimePoint until = validity.until();
    if (until == TimePoint::max()) return {};
    const TimePoint terminate = until - kill_after;
    return {terminate.time_since_epoch().count(), until.time_since_epoch().count()};
}

int child_code(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : ProductionExit::signal_base + WTERMSIG(status);
}

/// Feeds the guard while CMD runs, and keeps what it reports.
class Supervision {
public:
    Supervision(Guard& guard, EndingSignals& signals, const Validity& validity, Duration kill_after)
        : guard_(guard), signals_(signals), validity_(validity), kill_after_(kill_after) {}

    /// nullopt when the guard is gone.
    std::optional<Report> run(std::uint64_t token) {
        window_ = window_of(validity_, kill_after_);
        const int look_again = interval();
        guard_.start(token, window_);
        for (;;) {
            pollfd ready[] = {{guard_.descriptor(), POLLIN, 0}, {signals_.descriptor(), POLLIN, 0}};
            ::poll(ready, 2, look_again);
            if (const int signal = signals_.take()) guard_.pass_on(signal);
            if (ready[0].revents != 0) {
                const std::optional<Report> report = guard_.read_report();
                if (!report || report->kind != Report::Kind::started) return report;
            }
            feed();
        }
    }

private:
    // Often enough that a renewal reaches the guard long before the old deadline, and that a hold
    // that ended early is noticed soon.
    int interval() const {
        constexpr Duration longest = std::chrono::milliseconds(200);
        constexpr Duration shortest = std::chrono::milliseconds(5);
        const Duration part = std::clamp(validity_.safe_for() / 50, shortest, longest);
        return static_cast<int>(
            std::chrono::duration_cast<std::chrono::milliseconds>(part).count());
    }

    void feed() {
        const Window window = window_of(validity_, kill_after_);
        if (window == window_) return;
        window_ = window;
        guard_.extend(window);
    }

    Guard& guard_;
    EndingSignals& signals_;
    const Validity& validity_;
    const Duration kill_after_;
    Window window_;
};

int exit_code(const std::string& verb, const std::optional<Report>& report,
              const HoldArguments& arguments) {
    if (!report) {
        tell(verb, "the guard was killed; so was " + arguments.command[0]);
        return ProductionExit::internal_error;
    }
    if (report->overstepped) {
        tell(verb, "'" + arguments.name + "' can no longer be proved to be held; " +
                       arguments.command[0] + " was stopped");
        return ProductionExit::lost;
    }
    if (report->kind == Report::Kind::ended) return child_code(report->value);
    tell(verb, arguments.command[0] + ": " + std::strerror(report->value));
    return report->value == ENOENT ? ProductionExit::not_found : ProductionExit::cannot_execute;
}

}  // namespace

int wait_for_hold(Client& client, EndingSignals& signals, const std::function<void()>& obtain) {
    Flag ended;
    std::future<void> obtaining = std::async(std::launch::async, [&] {
        const SetAtEnd at_end{ended};
        obtain();
    });
    pollfd ready[] = {{ended.descriptor(), POLLIN, 0}, {signals.descriptor(), POLLIN, 0}};
    while (::poll(ready, 2, -1) < 0 && errno == EINTR) {
    }
    const int signal = ready[0].revents == 0 ? signals.take() : 0;
    if (signal == 0) {
        obtaining.get();
        return 0;
    }
    client.stop(stop_limit);
    obtaining.wait();
    return signal;
}

int run_under(std::unique_ptr<Guard> guard, EndingSignals& signals, const std::string& verb,
              const Handle& held, const HoldArguments& arguments, const HoldTimes& times) {
    // Ends CMD before `held` goes, however this function ends.
    const std::unique_ptr<Guard> owned = std::move(guard);
    const Validity validity = held.validity();
    // A hold that ends with its process must outlive this one for as long as CMD does.
    const bool lapses = validity.until() != TimePoint::max();
    if (!lapses && arguments.kind != HoldKind::membership && !owned->hand_over_locks()) {
        tell(verb, "the lock's file cannot be shared with the guard (is /proc mounted?)");
        return ProductionExit::not_configured;
    }
    Supervision supervision(*owned, signals, validity, times.kill_after);
    return exit_code(verb, supervision.run(held.token()), arguments);
}

}  // namespace conclave::tool
