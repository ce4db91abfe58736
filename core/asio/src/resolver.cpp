#include "resolver.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "conclave/fiber.hpp"

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
}  // namespace

Resolved system_look_up(const std::string& host) { return look_up(host, AI_ADDRCONFIG); }

/// Shared by the waiting fiber and a thread, which reads the name and nothing else: the rest belongs
/// to the runtime's thread.
struct Resolver::Request {
    explicit Request(const std::string& name) : host(name), fiber(running_fiber()) {}
    const std::string host;
    Fiber* fiber;
    Resolved result;
    bool done = false;
};

/// Outlives the resolver for threads that come back late.
struct Resolver::Shared {
    Shared(Post how_to_post, LookUp how_to_look_up)
        : post(std::move(how_to_post)), look_up(std::move(how_to_look_up)) {}

    /// The next name for a thread; without one the thread counts as ended.
    std::shared_ptr<Request> take() {
        const std::lock_guard lock(mutex);
        if (waiting.empty()) {
            --threads;
            return nullptr;
        }
        std::shared_ptr<Request> first = std::move(waiting.front());
        waiting.pop_front();
        return first;
    }
    /// True when another thread is wanted, which then counts already.
    bool add(const std::shared_ptr<Request>& request) {
        const std::lock_guard lock(mutex);
        waiting.push_back(request);
        if (threads == threads_max) return false;
        ++threads;
        return true;
    }
    /// False when no thread is left that would come to what waits.
    bool give_up_thread() {
        const std::lock_guard lock(mutex);
        return --threads > 0;
    }
    void withdraw(const std::shared_ptr<Request>& request) {
        const std::lock_guard lock(mutex);
        std::erase(waiting, request);
    }
    void clear() {
        const std::lock_guard lock(mutex);
        waiting.clear();
    }

    const Post post;
    const LookUp look_up;
    std::mutex mutex;
    std::deque<std::shared_ptr<Request>> waiting;
    std::size_t threads = 0;
};

Resolver::Resolver(Scheduler& scheduler, Post post, LookUp look_up)
    : scheduler_(scheduler),
      shared_(std::make_shared<Shared>(std::move(post), std::move(look_up))) {}

Resolver::~Resolver() { shared_->clear(); }

void Resolver::serve(const std::shared_ptr<Shared>& shared, Scheduler& scheduler) {
    while (const std::shared_ptr<Request> request = shared->take())
        shared->post([request, result = shared->look_up(request->host), &scheduler]() mutable {
            request->result = std::move(result);
            request->done = true;
            if (request->fiber) scheduler.unpark(*request->fiber);
        });
}

bool Resolver::submit(const std::shared_ptr<Request>& request) {
    if (!shared_->add(request)) return true;
    try {
        std::thread([shared = shared_, &scheduler = scheduler_] {
            serve(shared, scheduler);
        }).detach();
        return true;
    } catch (const std::system_error&) {
        return shared_->give_up_thread();
    }
}

Resolved Resolver::resolve(const std::string& host, Deadline deadline) {
    if (Resolved parsed = look_up(host, AI_NUMERICHOST); parsed.status == IoStatus::ok)
        return parsed;
    const auto request = std::make_shared<Request>(host);
    struct Leave {
        Shared& shared;
        const std::shared_ptr<Request>& request;
        ~Leave() {
            request->fiber = nullptr;
            shared.withdraw(request);
        }
    } leave{*shared_, request};
    if (!submit(request)) return {IoStatus::failed, {}};
    for (;;) {
        const Wake wake = scheduler_.park(deadline);
        if (wake == Wake::cancelled) return {IoStatus::cancelled, {}};
        if (request->done) return std::move(request->result);
        if (wake == Wake::timed_out) return {IoStatus::timed_out, {}};
    }
}

}  // namespace conclave::detail
