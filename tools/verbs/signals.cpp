#include "signals.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace conclave::tool {

namespace {

constexpr std::array<int, 4> numbers = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
int ends[2] = {-1, -1};
std::array<struct sigaction, numbers.size()> before;

void note(int number) {
    const int saved = errno;
    const auto byte = static_cast<unsigned char>(number);
    [[maybe_unused]] const ssize_t written = ::write(ends[1], &byte, 1);
    errno = saved;
}

}  // namespace

EndingSignals::EndingSignals() {
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        throw std::system_error(errno, std::generic_category(), "no pipe for signals");
    struct sigaction action {};
    action.sa_handler = note;
    action.sa_flags = SA_RESTART;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        ::sigaction(numbers[i], nullptr, &before[i]);
        if (before[i].sa_handler != SIG_IGN) ::sigaction(numbers[i], &action, nullptr);
    }
}

EndingSignals::~EndingSignals() {
    for (std::size_t i = 0; i < numbers.size(); ++i) ::sigaction(numbers[i], &before[i], nullptr);
    for (int& end : ends) {
        ::close(end);
        end = -1;
    }
}

int EndingSignals::descriptor() const noexcept { return ends[0]; }

int EndingSignals::take() noexcept {
    unsigned char number = 0;
    return ::read(ends[0], &number, 1) == 1 ? number : 0;
}

int EndingSignals::wait(int milliseconds) noexcept {
    pollfd ready{ends[0], POLLIN, 0};
    return ::poll(&ready, 1, milliseconds) == 1 ? take() : 0;
}

}  // namespace conclave::tool
