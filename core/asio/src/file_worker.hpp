#pragma once

// The one thread on which a runtime's file operations block. A sync to a disk takes milliseconds and
// a network file system may hang for minutes: neither may hold up the renewals of other leases. One
// thread and not several, because operations have to happen in the order of the calls: a lock must
// not be given up before the write that it protects. Started by the first operation.

#include <functional>
#include <memory>
#include <optional>

#include "conclave/environment.hpp"
#include "conclave/fiber.hpp"

namespace conclave::detail {

class FileWorker {
public:
    /// Runs a task on the runtime's thread, or drops it once the runtime is gone; from any thread.
    using Post = std::function<void(std::function<void()> task)>;
    enum class Ended : std::uint8_t { done, timed_out, cancelled, no_thread };

    FileWorker(Scheduler& scheduler, const Clock& clock, Post post);
    /// What was queued still happens. Waits for that for at most ten seconds, then leaves it to the
    /// thread, which outlives this.
    ~FileWorker();
    FileWorker(const FileWorker&) = delete;
    FileWorker& operator=(const FileWorker&) = delete;

    /// Parks until `call` has run on the thread and moves its result to `result`. With timed_out
    /// and cancelled `begun` says whether it may have run, or may still.
    template <class Result>
    Ended run(std::function<Result()> call, Deadline deadline, Result& result, bool& begun) {
        struct Box {
            std::optional<Result> result;
        };
        const auto box = std::make_shared<Box>();
        const Ended ended = wait([box, call = std::move(call)] { box->result.emplace(call()); },
                                 deadline, begun);
        if (ended == Ended::done) result = std::move(*box->result);
        return ended;
    }
    /// Queues `call`; nobody hears of its end. Run on the spot when there is no thread for it.
    void run_later(std::function<void()> call) noexcept;

private:
    struct Shared;
    Ended wait(std::function<void()> call, Deadline deadline, bool& begun);
    bool submit(std::function<void()> call);

    Scheduler& scheduler_;
    const Clock& clock_;
    Post post_;
    std::shared_ptr<Shared> shared_;
};

}  // namespace conclave::detail
