#pragma once

// Name resolution. Numeric addresses are parsed on the spot; getaddrinfo() for a name may block for
// as long as the system's resolver likes, so it runs on a thread that nobody waits for past the
// deadline. A resolver that hangs must not cost a thread per attempt: there are few of them, and
// further names wait for their turn. One Resolver per runtime, used on its thread.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "conclave/environment.hpp"

namespace conclave::detail {

/// getaddrinfo() for `host`. Blocks; safe from any thread.
Resolved system_look_up(const std::string& host);

class Resolver {
public:
    /// Finds the addresses of one name. Called on a thread of its own: blocks as long as it likes.
    using LookUp = std::function<Resolved(const std::string& host)>;
    /// Runs a task on the runtime's thread, or drops it once the runtime is gone; from any thread.
    using Post = std::function<void(std::function<void()> task)>;

    /// How many names are looked up at once.
    static constexpr std::size_t threads_max = 4;

    Resolver(Scheduler& scheduler, Post post, LookUp look_up = system_look_up);
    /// Look-ups that have begun end by themselves, unheard; the others do not begin.
    /// Requires: no fiber waits for this.
    ~Resolver();
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    /// Parks for a name, never for a numeric address.
    ///
    /// Errors: unreachable - the name does not resolve
    ///         timed_out, cancelled - a name whose turn had not come is not looked up any more
    ///         failed - the machine has no room for a thread
    Resolved resolve(const std::string& host, Deadline deadline);

private:
    struct Request;
    struct Shared;
    static void serve(const std::shared_ptr<Shared>& shared, Scheduler& scheduler);
    bool submit(const std::shared_ptr<Request>& request);

    Scheduler& scheduler_;
    std::shared_ptr<Shared> shared_;
};

}  // namespace conclave::detail
