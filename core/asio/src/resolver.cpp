#include "resolver.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <memory>
#include <system_error>
#include <thread>

#include "asio_scheduler.hpp"

namespace conclave::detail {

namespace {
std::string numeric(const addrinfo& entry) {
    char text[NI_MAXHOST] = "";
    getnameinfo(entry.ai_addr, entry.ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
    return text;
}

Resolved look_up(const std::string& host, int flags) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0)
        return {IoStatus::unreachable, {}};
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, &freeaddrinfo);
    Resolved result;
    for (const addrinfo* entry = found; entry; entry = entry->ai_next) {
        std::string address = numeric(*entry);
        if (address.empty() || std::ranges::count(result.addresses, address) > 0) continue;
        result.addresses.push_back(std::move(address));
    }
    if (result.addresses.empty()) result.status = IoStatus::unreachable;
    return result;
}

/// Shared by the waiting fiber and the thread; only the scheduler's thread touches it once posted.
struct LookUp {
    Resolved result;
    Fiber* fiber = nullptr;
    bool done = false;
};

bool start_look_up(AsioScheduler& scheduler, const std::string& host,
                   const std::shared_ptr<LookUp>& shared) {
    auto finish = [shared, &scheduler](Resolved result) {
        shared->result = std::move(result);
        shared->done = true;
        if (shared->fiber) scheduler.unpark(*shared->fiber);
    };
    try {
        std::thread([host, finish, inbox = scheduler.inbox()] {
            Resolved result = look_up(host, AI_ADDRCONFIG);
            inbox->post([finish, result = std::move(result)]() mutable {
                finish(std::move(result));
            });
        }).detach();
    } catch (const std::system_error&) {
        return false;
    }
    return true;
}
}  // namespace

Resolved resolve_host(AsioScheduler& scheduler, const std::string& host, Deadline deadline) {
    if (Resolved parsed = look_up(host, AI_NUMERICHOST); parsed.status == IoStatus::ok)
        return parsed;
    const auto shared = std::make_shared<LookUp>();
    struct Leave {
        LookUp& look_up;
        ~Leave() { look_up.fiber = nullptr; }
    } leave{*shared};
    shared->fiber = running_fiber();
    if (!start_look_up(scheduler, host, shared)) return {IoStatus::failed, {}};
    for (;;) {
        const Wake wake = scheduler.park(deadline);
        if (wake == Wake::cancelled) return {IoStatus::cancelled, {}};
        if (shared->done) return std::move(shared->result);
        if (wake == Wake::timed_out) return {IoStatus::timed_out, {}};
    }
}

}  // namespace conclave::detail
