#include "guard.hpp"

#include <dirent.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "guard_process.hpp"

namespace conclave::tool {

namespace {

constexpr std::string_view token_name = "CONCLAVE_TOKEN=";
constexpr std::size_t token_room = 21;
constexpr std::size_t descriptors_max = 8;

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// The environment of CMD as execve takes it.
class EnvironmentBlock {
public:
    explicit EnvironmentBlock(const GuardedCommand& command) {
        for (const auto& [name, value] : command.environment) add(name + "=" + value);
        add(std::string(token_name) + std::string(token_room, '\0'));
        const std::size_t ours = texts_.size();
        for (char** entry = ::environ; *entry != nullptr; ++entry)
            if (!is_set(*entry, ours)) add(*entry);
        for (std::string& text : texts_) pointers_.push_back(text.data());
        token_digits_ = texts_[ours - 1].data() + token_name.size();
        pointers_.push_back(nullptr);
    }
    char* const* pointers() { return pointers_.data(); }
    char* token_digits() { return token_digits_; }

private:
    void add(std::string text) { texts_.push_back(std::move(text)); }
    bool is_set(std::string_view entry, std::size_t ours) const {
        const std::string_view name = entry.substr(0, entry.find('=') + 1);
        return std::any_of(texts_.begin(), texts_.begin() + static_cast<std::ptrdiff_t>(ours),
                           [&](const std::string& text) { return text.starts_with(name); });
    }

    std::vector<std::string> texts_;
    std::vector<char*> pointers_;
    char* token_digits_ = nullptr;
};

/// The open files on which this process holds a lock, by the kernel's account.
std::vector<int> locked_descriptors() {
    std::vector<int> locked;
    DIR* const folder = ::opendir("/proc/self/fdinfo");
    if (folder == nullptr) return locked;
    while (const dirent* const entry = ::readdir(folder)) {
        std::ifstream lines(std::string("/proc/self/fdinfo/") + entry->d_name);
        for (std::string line; std::getline(lines, line);)
            if (line.starts_with("lock:") && locked.size() < descriptors_max) {
                locked.push_back(std::atoi(entry->d_name));
                break;
            }
    }
    ::closedir(folder);
    return locked;
}

}  // namespace

Guard::Guard(const GuardedCommand& command) {
    EnvironmentBlock environment(command);
    std::vector<char*> arguments;
    for (const std::string& argument : command.arguments)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);

    GuardPlan plan;
    plan.command = arguments.data();
    plan.environment = environment.pointers();
    plan.token_digits = environment.token_digits();
    ::sigprocmask(SIG_SETMASK, nullptr, &plan.mask);
    plan.kill_after = command.kill_after.count();
    plan.tool_group = ::getpgrp();
    plan.foreground = ::tcgetpgrp(STDIN_FILENO) == plan.tool_group;

    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        fail("no channel to the guard");
    pid_ = ::fork();
    if (pid_ == 0) {
        ::close(ends[0]);
        run_guard(plan, ends[1]);
    }
    ::close(ends[1]);
    channel_ = ends[0];
    if (pid_ > 0) return;
    ::close(channel_);
    fail("cannot start the guard");
}

Guard::~Guard() {
    ::close(channel_);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

bool Guard::hand_over_locks() {
    const std::vector<int> locked = locked_descriptors();
    if (locked.empty()) return false;
    Order order;
    order.kind = Order::Kind::keep;
    return send(order, locked);
}

bool Guard::start(std::uint64_t token, const Window& window) {
    Order order;
    order.kind = Order::Kind::start;
    order.token = token;
    order.window = window;
    return send(order);
}

bool Guard::extend(const Window& window) {
    Order order;
    order.window = window;
    return send(order);
}

void Guard::pass_on(int signal) {
    Order order;
    order.kind = Order::Kind::pass_on;
    order.signal = signal;
    send(order);
}

bool Guard::send(const Order& order, const std::vector<int>& descriptors) {
    iovec part{const_cast<Order*>(&order), sizeof order};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(descriptors_max * sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (!descriptors.empty()) {
        const std::size_t bytes = descriptors.size() * sizeof(int);
        message.msg_control = control.data();
        message.msg_controllen = CMSG_SPACE(bytes);
        cmsghdr* const header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(bytes);
        std::memcpy(CMSG_DATA(header), descriptors.data(), bytes);
    }
    // A guard that does not read is stopped; waiting for it would stop us too.
    return ::sendmsg(channel_, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof order ||
           errno == EAGAIN;
}

// Without the guard nothing ends CMD in time any more, so that it is ended now. The kernel has done
// so with its leader (PR_SET_PDEATHSIG).
std::optional<Report> Guard::read_report() {
    Report report;
    ssize_t bytes;
    while ((bytes = ::recv(channel_, &report, sizeof report, 0)) < 0 && errno == EINTR) {
    }
    if (bytes != sizeof report) {
        if (group_ > 0) ::kill(-group_, SIGKILL);
        group_ = 0;
        return std::nullopt;
    }
    group_ = report.kind == Report::Kind::started ? report.value : 0;
    return report;
}

}  // namespace conclave::tool
