#include "heart.hpp"

#include <optional>

#include "conclave/error.hpp"
#include "conclave/sync.hpp"

namespace conclave::tooz {

namespace {
constexpr Duration retry_wait = std::chrono::seconds(1);
}

void Heart::start() {
    if (thread_) return;
    thread_ = std::make_unique<TaskGroup>(runtime_.scheduler);
    thread_->spawn([this] { beat_until_stopped(); });
}

void Heart::stop() {
    if (!thread_) return;
    thread_->cancel();
    thread_->join();
    thread_.reset();
}

Duration Heart::observed_beat() {
    if (!observer_) return beat_();
    observer_->beating();
    try {
        const Duration lasts = beat_();
        observer_->beaten({lasts, {}, {}});
        return lasts;
    } catch (const Error& error) {
        observer_->beat_failed(error);
        throw;
    }
}

void Heart::beat_until_stopped() {
    TimePoint begun = runtime_.clock.now();
    for (;;) {
        std::optional<Duration> lasts;
        try {
            lasts = observed_beat();
        } catch (const Cancelled&) {
            return;
        } catch (const Error&) {
            // Logged, and no more.
        }
        const Duration ran_for = runtime_.clock.now() - begun;
        if (!sleep_for(runtime_, lasts ? (*lasts - ran_for) / 2 : retry_wait)) return;
        if (lasts) begun = runtime_.clock.now();
    }
}

}  // namespace conclave::tooz
