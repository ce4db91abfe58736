#include "file_worker.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace conclave::detail {

namespace {
constexpr auto farewell_limit = std::chrono::seconds(10);
}  // namespace

/// Outlives the worker for a thread that hangs.
struct FileWorker::Shared {
    void work() {
        std::unique_lock lock(mutex);
        while (!(stopping && waiting.empty())) {
            if (waiting.empty()) {
                wake.wait(lock);
                continue;
            }
            std::function<void()> call = std::move(waiting.front());
            waiting.pop_front();
            lock.unlock();
            call();
            call = nullptr;
            lock.lock();
        }
        running = false;
        wake.notify_all();
    }

    std::mutex mutex;
    std::condition_variable wake;
    std::deque<std::function<void()>> waiting;
    bool running = false;
    bool stopping = false;
};

FileWorker::FileWorker(Scheduler& scheduler, const Clock& clock, Post post)
    : scheduler_(scheduler),
      clock_(clock),
      post_(std::move(post)),
      shared_(std::make_shared<Shared>()) {}

FileWorker::~FileWorker() {
    std::unique_lock lock(shared_->mutex);
    shared_->stopping = true;
    shared_->wake.notify_all();
    shared_->wake.wait_for(lock, farewell_limit, [this] { return !shared_->running; });
}

bool FileWorker::submit(std::function<void()> call) {
    const std::lock_guard lock(shared_->mutex);
    if (!shared_->running) {
        try {
            std::thread([shared = shared_] { shared->work(); }).detach();
        } catch (const std::system_error&) {
            return false;
        }
        shared_->running = true;
    }
    shared_->waiting.push_back(std::move(call));
    shared_->wake.notify_all();
    return true;
}

void FileWorker::run_later(std::function<void()> call) noexcept {
    try {
        if (submit(call)) return;
    } catch (const std::bad_alloc&) {
        // On the spot, then.
    }
    call();
}

FileWorker::Ended FileWorker::wait(std::function<void()> call, Deadline deadline, bool& begun) {
    struct Request {
        Fiber* fiber;
        bool done = false;
    };
    begun = false;
    Fiber* const self = running_fiber();
    if (self->cancelled) return Ended::cancelled;
    if (deadline.passed(clock_.now())) return Ended::timed_out;
    const auto request = std::make_shared<Request>(Request{self});
    struct Leave {
        Request& request;
        ~Leave() { request.fiber = nullptr; }
    } leave{*request};
    begun = submit([call = std::move(call), post = post_, request, &scheduler = scheduler_] {
        call();
        post([request, &scheduler] {
            request->done = true;
            if (request->fiber) scheduler.unpark(*request->fiber);
        });
    });
    if (!begun) return Ended::no_thread;
    for (;;) {
        const Wake wake = scheduler_.park(deadline);
        if (request->done) return Ended::done;
        if (wake == Wake::cancelled) return Ended::cancelled;
        if (wake == Wake::timed_out) return Ended::timed_out;
        // A permit left over from an earlier wait: not ours.
    }
}

}  // namespace conclave::detail
