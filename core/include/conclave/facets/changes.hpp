#pragma once

// Hints that something changed, as a driver implements them. Called on fibers of the driver's
// runtime.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace conclave {

/// Tells whoever waits for an object that it may have changed, so that they need not ask as often.
/// A hint and never a truth: one may come for nothing, and one may be lost, also while told() is
/// true. Whoever waits asks again now and then all the same, and believes only the answer.
///
/// Limits:  one hint for any number of changes; what waits is bounded by who follows.
class Changes {
public:
    enum class Kind : std::uint8_t { lock, leadership, group };

    /// Somebody's interest in one object, while it lives. It may be dropped anywhere, also after
    /// the driver has stopped, but not after the driver is gone.
    class Interest {
    public:
        virtual ~Interest() = default;
        /// Whether changes are told at this moment, as far as the driver knows; false until the
        /// backend has agreed, and while there is no connection to it.
        virtual bool told() const noexcept = 0;
    };

    virtual ~Changes() = default;
    /// Calls `changed` after each change from now on, and each time when changes begin to be told,
    /// perhaps within this call: what happened before that may have been missed. `changed` must not
    /// park, throw, or drop interests.
    ///
    /// Blocks:  never; what the backend must be asked for is asked in the background
    /// Errors:  no effect - Error for a name that the driver refuses
    virtual std::unique_ptr<Interest> follow(Kind kind, const std::string& name,
                                             std::function<void()> changed) = 0;
};

}  // namespace conclave
