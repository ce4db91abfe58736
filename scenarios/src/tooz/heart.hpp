#pragma once

// The thread that beats for a coordinator of tooz: whatever fails is tried again a second later,
// for ever, and nobody is told. Its period is half of what a beat returns, less what the beat took.
// Source: tooz 3.1 to 9.0 coordination.py, Heart._beat_forever_until_stopped.

#include <functional>
#include <memory>

#include "conclave/environment.hpp"
#include "conclave/scenarios/observed/self_beating.hpp"
#include "conclave/scheduler.hpp"

namespace conclave::tooz {

class Heart {
public:
    /// `beat` returns how long it suffices.
    Heart(Runtime& runtime, std::function<Duration()> beat)
        : runtime_(runtime), beat_(std::move(beat)) {}

    void observe_with(scenarios::BeatObserver& observer) noexcept { observer_ = &observer; }
    /// Idempotent.
    void start();
    /// Ends a beat under way. Idempotent.
    void stop();

private:
    void beat_until_stopped();
    Duration observed_beat();

    Runtime& runtime_;
    const std::function<Duration()> beat_;
    scenarios::BeatObserver* observer_ = nullptr;
    std::unique_ptr<TaskGroup> thread_;
};

}  // namespace conclave::tooz
