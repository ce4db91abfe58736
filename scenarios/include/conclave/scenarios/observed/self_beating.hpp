#pragma once

// For drivers that beat by themselves, behind the back of whoever calls heartbeat(): their beats
// are to be observed all the same.

#include "conclave/driver.hpp"
#include "conclave/error.hpp"

namespace conclave::scenarios {

/// Told of each beat. Must not park.
class BeatObserver {
public:
    virtual ~BeatObserver() = default;
    virtual void beating() = 0;
    virtual void beaten(const Beat& beat) = 0;
    virtual void beat_failed(const Error& error) = 0;
};

/// What such a driver is besides.
class SelfBeating {
public:
    virtual ~SelfBeating() = default;
    /// Before the first beat. `observer` outlives the beats.
    virtual void observe_beats(BeatObserver& observer) = 0;
};

}  // namespace conclave::scenarios
