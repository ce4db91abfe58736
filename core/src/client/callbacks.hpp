#pragma once

// The application's code that runs because of us, each call on a fiber of its own: so it may wait in
// this library, and stop the client, without delaying what calls it.

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "conclave/sync.hpp"

namespace conclave::detail {

/// On the runtime's thread only.
class Callbacks : public std::enable_shared_from_this<Callbacks> {
public:
    explicit Callbacks(Scheduler& scheduler) noexcept;
    /// Also by its last fiber, which holds what outlives the client.
    ~Callbacks();
    Callbacks(const Callbacks&) = delete;
    Callbacks& operator=(const Callbacks&) = delete;

    /// Calls `call` soon. It must not throw. Never parks.
    void begin(const std::string& name, std::function<void()> call);
    /// Whether `caller`, see running_caller(), is one of them.
    bool runs(const void* caller) const noexcept;
    /// Until all but `caller` have ended; false at the deadline. Each has begun by then.
    bool wait_for_others(const void* caller, Deadline deadline);
    /// The names of all but `caller`.
    std::vector<std::string> others(const void* caller) const;
    /// Ends what they wait for.
    void cancel() noexcept { fibers_.cancel(); }

private:
    struct Call {
        std::string name;
        const void* fiber = nullptr;  ///< null until it has begun
    };
    void run(Call& call, const std::function<void()>& body);
    bool all_have_begun() const noexcept;

    TaskGroup fibers_;
    std::list<Call> calls_;
    WaitList changed_;
};

}  // namespace conclave::detail
