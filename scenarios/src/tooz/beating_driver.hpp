#pragma once

// What tooz's drivers have in common: a heart of their own, which nobody hears from.

#include "conclave/driver.hpp"
#include "heart.hpp"

namespace conclave::tooz {

class BeatingDriver : public Driver, public scenarios::SelfBeating {
public:
    explicit BeatingDriver(Runtime& runtime)
        : heart_(runtime, [this] { return beat(Deadline::never()); }) {}

    /// The first beat; the others are the heart's affair. A lost membership is told to nobody: a
    /// beat says nothing of it, and never that it may lapse.
    Beat heartbeat(Deadline deadline) final {
        beat(deadline);
        heart_.start();
        return {Duration::max(), {}, {}};
    }
    void observe_beats(scenarios::BeatObserver& observer) final { heart_.observe_with(observer); }

protected:
    /// How long it suffices.
    virtual Duration beat(Deadline deadline) = 0;

    Heart heart_;  ///< stopped by stop(), before anything that it beats for goes
};

}  // namespace conclave::tooz
