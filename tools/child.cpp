#include "child.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace conclave::tool {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void serve(const std::function<ChildResult()>& work, int out) {
    ChildResult result;
    try {
        result = work();
    } catch (const std::exception& error) {
        result.trouble = error.what();
    }
    const std::string answer = result.trouble.empty() ? "." + result.text : "!" + result.trouble;
    for (std::size_t sent = 0; sent < answer.size();) {
        const ssize_t wrote = ::write(out, answer.data() + sent, answer.size() - sent);
        if (wrote <= 0) ::_exit(1);
        sent += static_cast<std::size_t>(wrote);
    }
    ::_exit(result.code);
}

/// False when time ran out first.
bool read_all(int in, Clock::time_point end, std::string& text) {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
        pollfd ready{in, POLLIN, 0};
        const int found = ::poll(&ready, 1, static_cast<int>(std::max<long>(0, left)));
        if (found < 0 && errno == EINTR) continue;
        if (found <= 0) return false;
        std::array<char, 4096> chunk;
        const ssize_t got = ::read(in, chunk.data(), chunk.size());
        if (got <= 0) return true;
        text.append(chunk.data(), static_cast<std::size_t>(got));
    }
}

ChildResult result_of(const std::string& answer, bool in_time, int status) {
    if (!in_time) return {"", 0, "it did not come to an end"};
    if (WIFSIGNALED(status)) return {"", 0, std::string("signal ") + ::strsignal(WTERMSIG(status))};
    if (answer.starts_with('.')) return {answer.substr(1), WEXITSTATUS(status), ""};
    if (answer.starts_with('!')) return {"", 0, answer.substr(1)};
    return {"", 0, "exit code " + std::to_string(WEXITSTATUS(status))};
}

}  // namespace

ChildResult in_child(const std::function<ChildResult()>& work, std::chrono::nanoseconds limit) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0)
        throw std::runtime_error(std::string("pipe: ") + std::strerror(errno));
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
    if (child == 0) {
        ::close(ends[0]);
        serve(work, ends[1]);
    }
    ::close(ends[1]);
    std::string answer;
    const bool in_time = read_all(ends[0], Clock::now() + limit, answer);
    ::close(ends[0]);
    if (!in_time) ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    return result_of(answer, in_time, status);
}

}  // namespace conclave::tool
