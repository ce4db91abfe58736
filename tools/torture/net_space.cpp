#include "net_space.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "conclave/url.hpp"
#include "run_program.hpp"

namespace conclave::torture {

namespace {

constexpr Duration command_limit = std::chrono::seconds(5);
constexpr int wait_limit_ms = 5000;

/// From the range that is set aside for tests of networks: four addresses for each client.
std::string address(std::uint32_t client, int end) {
    return "198.18." + std::to_string(client / 64) + "." +
           std::to_string(client % 64 * 4 + static_cast<std::uint32_t>(end));
}

bool ip(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "ip");
    return run_program(arguments, command_limit).ok();
}

void must(std::vector<std::string> arguments) {
    std::string text = "ip";
    for (const std::string& each : arguments) text += " " + each;
    if (!ip(std::move(arguments))) throw NetTrouble{"it failed: " + text};
}

bool wait_for_byte(int pipe) {
    pollfd waiting{pipe, POLLIN, 0};
    char byte = 0;
    return ::poll(&waiting, 1, wait_limit_ms) == 1 && ::read(pipe, &byte, 1) == 1;
}

void send_byte(int pipe) { [[maybe_unused]] const ssize_t sent = ::write(pipe, "x", 1); }

}  // namespace

NetSpaces::NetSpaces(const std::string& url, std::uint32_t clients) : spaces_(clients) {
    const Url parsed = parse_url(url);
    if (::geteuid() != 0) throw NetTrouble{"it needs root"};
    if (parsed.host.empty()) throw NetTrouble{"the backend is not reached over the network"};
    if (parsed.host == "localhost" || parsed.host.starts_with("127.") || parsed.host == "::1")
        throw NetTrouble{parsed.host + " is every namespace's own: the URL has to name an address "
                         "of this machine that is not a loopback address"};
    if (!ip({"link", "show"})) throw NetTrouble{"it needs the ip command (package iproute2)"};
}

NetSpaces::~NetSpaces() {
    for (std::uint32_t client = 0; client < spaces_.size(); ++client) unlink(client);
}

void NetSpaces::close_pipes(Space& space) {
    for (int* const pipe : {space.told, space.linked})
        for (int end = 0; end < 2; ++end) {
            if (pipe[end] >= 0) ::close(pipe[end]);
            pipe[end] = -1;
        }
}

std::function<void()> NetSpaces::prepare(std::uint32_t client) {
    Space& space = spaces_[client];
    close_pipes(space);
    if (::pipe2(space.told, O_CLOEXEC) != 0 || ::pipe2(space.linked, O_CLOEXEC) != 0)
        throw NetTrouble{std::strerror(errno)};
    return [&space, client] {
        if (::unshare(CLONE_NEWNET) != 0)
            throw std::runtime_error(std::string("no network namespace: ") + std::strerror(errno));
        send_byte(space.told[1]);
        const bool linked = wait_for_byte(space.linked[0]) && ip({"link", "set", "lo", "up"}) &&
                            ip({"addr", "add", address(client, 2) + "/30", "dev", "torture"}) &&
                            ip({"link", "set", "torture", "up"}) &&
                            ip({"route", "add", "default", "via", address(client, 1)});
        if (!linked) throw std::runtime_error("its network namespace has no link");
    };
}

void NetSpaces::link(std::uint32_t client, pid_t process) {
    Space& space = spaces_[client];
    if (!wait_for_byte(space.told[0]))
        throw NetTrouble{"a client could not be given a network namespace"};
    const std::string name = "tort" + std::to_string(process);
    must({"link", "add", name, "type", "veth", "peer", "name", "torture", "netns",
          std::to_string(process)});
    space.link = name;
    must({"addr", "add", address(client, 1) + "/30", "dev", name});
    must({"link", "set", name, "up"});
    send_byte(space.linked[1]);
    close_pipes(space);
}

void NetSpaces::unlink(std::uint32_t client) {
    Space& space = spaces_[client];
    close_pipes(space);
    // It may have gone with its client's namespace.
    if (!space.link.empty())
        run_program({"sh", "-c", "ip link del " + space.link + " 2>/dev/null"}, command_limit);
    space.link.clear();
}

void NetSpaces::cut(std::uint32_t client) const {
    must({"link", "set", spaces_[client].link, "down"});
}

void NetSpaces::heal(std::uint32_t client) const {
    must({"link", "set", spaces_[client].link, "up"});
}

}  // namespace conclave::torture
