#include "conclave/asio_runtime.hpp"

#include <exception>
#include <future>
#include <stdexcept>

#include "asio_loop.hpp"
#include "conclave/assert.hpp"
#include "conclave/error.hpp"

namespace conclave {

namespace detail {

namespace {
constexpr Duration stop_limit = std::chrono::seconds(10);

/// Runs `task` and hands over how it ended. A fiber that is being unwound goes on unwinding.
void fulfil(std::promise<void>& promise, const std::function<void()>& task) {
    try {
        task();
        promise.set_value();
    } catch (const Killed&) {
        promise.set_exception(std::make_exception_ptr(
            Cancelled("the runtime stopped before the task ended", Effect::unknown)));
        throw;
    } catch (...) {
        promise.set_exception(std::current_exception());
    }
}
}  // namespace

AsioLoop::AsioLoop(Observer* observer)
    : scheduler_(clock_),
      inbox_(scheduler_.inbox()),
      network_(scheduler_, clock_, observer ? *observer : silent_),
      files_(scheduler_, clock_, [inbox = inbox_](auto task) { inbox->post(std::move(task)); }),
      runtime_{clock_, wall_clock_, scheduler_, network_,
               random_, observer ? *observer : silent_, files_},
      tasks_(scheduler_) {}

void AsioLoop::run() {
    thread_ = std::this_thread::get_id();
    while (!stopping_) {
        scheduler_.run_ready();
        scheduler_.collect_events();
    }
    finish();
}

void AsioLoop::run_main(const std::function<void()>& body) {
    thread_ = std::this_thread::get_id();
    std::promise<void> promise;
    tasks_.spawn([&] { fulfil(promise, body); });
    run_fibers(Deadline::never());
    finish();
    promise.get_future().get();
}

void AsioLoop::run_fibers(Deadline limit) {
    for (;;) {
        scheduler_.run_ready();
        if (scheduler_.core().live() == 0 || limit.passed(clock_.now())) return;
        scheduler_.collect_events();
    }
}

void AsioLoop::finish() {
    inbox_->close();
    // What had come in before still becomes fibers; each one finds itself cancelled.
    tasks_.cancel();
    scheduler_.context().poll();
    run_fibers(runtime_.after(stop_limit));
    scheduler_.kill_all();
    thread_ = std::thread::id();
}

void AsioLoop::stop() {
    inbox_->post([this] { stopping_ = true; });
}

bool AsioLoop::on_own_fiber() const noexcept {
    const Fiber* const fiber = running_fiber();
    return fiber && fiber->scheduler == &scheduler_;
}

bool AsioLoop::post(std::function<void()> task) {
    if (thread_ != std::this_thread::get_id()) return inbox_->post(std::move(task));
    task();
    return true;
}

bool AsioLoop::spawn(std::function<void()> task) {
    return post([this, task = std::move(task)]() mutable { tasks_.spawn(std::move(task)); });
}

void AsioLoop::call(const std::function<void()>& task) {
    if (on_own_fiber()) return task();
    if (thread_ == std::this_thread::get_id())
        throw std::logic_error("Gate::call() outside a fiber of the runtime's own thread");
    std::promise<void> promise;
    std::future<void> outcome = promise.get_future();
    const bool accepted = inbox_->post([&] { tasks_.spawn([&] { fulfil(promise, task); }); });
    if (!accepted) throw Cancelled("the runtime has stopped");
    outcome.get();
}

}  // namespace detail

struct AsioRuntime::State {
    explicit State(Observer* observer) : loop(observer), thread([this] { loop.run(); }) {}
    detail::AsioLoop loop;
    std::thread thread;
};

AsioRuntime::AsioRuntime(const AsioOptions& options)
    : state_(std::make_unique<State>(options.observer)) {}

AsioRuntime::~AsioRuntime() {
    CONCLAVE_ASSERT(state_->thread.get_id() != std::this_thread::get_id());
    state_->loop.stop();
    state_->thread.join();
}

Runtime& AsioRuntime::runtime() noexcept { return state_->loop.runtime(); }

Gate& AsioRuntime::gate() noexcept { return state_->loop; }

void AsioRuntime::end(std::unique_ptr<OwnedRuntime> self,
                      std::function<void()> farewell) noexcept {
    if (state_->thread.get_id() != std::this_thread::get_id()) return farewell();
    std::thread([self = std::move(self), farewell = std::move(farewell)] { farewell(); }).detach();
}

void run_on_this_thread(const std::function<void(Runtime&)>& main_fiber,
                        const AsioOptions& options) {
    detail::AsioLoop loop(options.observer);
    loop.run_main([&] { main_fiber(loop.runtime()); });
}

}  // namespace conclave
