#pragma once

// One acquisition of a lock or a leadership: the same owner over all its attempts, so that a lost
// reply is recognised. On a fiber of the runtime.

#include <exception>
#include <optional>
#include <string>

#include "client_core.hpp"
#include "hints.hpp"
#include "interrupt.hpp"

namespace conclave::detail {

class Acquisition {
public:
    /// `interrupt`, if any, ends the waiting; an exchange that has begun is waited for.
    Acquisition(ClientCore& core, HoldKind kind, std::string name,
                Interrupt* interrupt = nullptr);
    /// However it ends: what may still take effect is given back.
    ~Acquisition();
    Acquisition(const Acquisition&) = delete;
    Acquisition& operator=(const Acquisition&) = delete;

    /// Attempts until it is ours, `deadline` passes, or, with `once`, somebody else holds it. May be
    /// run again after a failure, one run at a time.
    /// Errors: Cancelled when the client stops, or by the interrupt: then nothing is held when its
    ///         effect is none; what an attempt fails with when that is not a matter
    /// of contact, or when there is no time for another.
    std::shared_ptr<Hold> run(Deadline deadline, bool once);

private:
    std::optional<Lease> attempt(Deadline deadline);
    std::optional<Lease> ask(Deadline deadline);
    bool pause(Deadline deadline);
    void follow();
    bool wait_for_hint(Deadline deadline);
    void check_wake(Wake wake);
    void check_stop();
    void check_interrupt();
    Effect withdraw();

    ClientCore& core_;
    const HoldKind kind_;
    const std::string name_;
    const std::string owner_;
    Interrupt* const interrupt_;
    bool repeated_ = false;  ///< the outcome of an attempt is unknown: it may still arrive
    bool doubtful_ = false;  ///< an attempt may have taken effect, or may still
    bool refused_ = false;  ///< the backend has said that another holds it
    std::exception_ptr failure_;
    std::optional<Hints> hints_;  ///< once it has to wait, where the driver gives any
};

}  // namespace conclave::detail
