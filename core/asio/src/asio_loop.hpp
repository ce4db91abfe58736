#pragma once

// One production runtime on one thread: the parts, the tasks that came in, and the loop.

#include <atomic>
#include <functional>
#include <thread>

#include "asio_network.hpp"
#include "asio_scheduler.hpp"
#include "conclave/gate.hpp"
#include "posix_files.hpp"
#include "system_environment.hpp"

namespace conclave::detail {

class AsioLoop final : public Gate {
public:
    explicit AsioLoop(Observer* observer);

    /// Runs until stop(), then until every fiber has ended, at most ten seconds more.
    void run();
    /// Runs until `body`, on a fiber, and every fiber it left behind have ended.
    void run_main(const std::function<void()>& body);
    /// Safe from any thread.
    void stop();

    void call(const std::function<void()>& task) override;
    bool post(std::function<void()> task) override;
    bool spawn(std::function<void()> task) override;
    Runtime& runtime() noexcept override { return runtime_; }

private:
    bool on_own_fiber() const noexcept;
    /// Until no fiber is left or `limit` has passed.
    void run_fibers(Deadline limit);
    void finish();

    SystemClock clock_;
    SystemWallClock wall_clock_;
    SystemRandom random_;
    SilentObserver silent_;
    AsioScheduler scheduler_;
    std::shared_ptr<Inbox> inbox_;
    AsioNetwork network_;
    PosixFiles files_;
    Runtime runtime_;
    TaskGroup tasks_;
    std::atomic<std::thread::id> thread_{};
    bool stopping_ = false;
};

}  // namespace conclave::detail
