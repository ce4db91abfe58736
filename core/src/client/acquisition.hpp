#pragma once

// One acquisition of a lock or a leadership: the same owner over all its attempts, so that a lost
// reply is recognised. On a fiber of the runtime.

#include <exception>
#include <optional>
#include <string>

#include "client_core.hpp"

namespace conclave::detail {

class Acquisition {
public:
    Acquisition(ClientCore& core, HoldKind kind, const std::string& name);
    /// However it ends: what may still take effect is given back.
    ~Acquisition();
    Acquisition(const Acquisition&) = delete;
    Acquisition& operator=(const Acquisition&) = delete;

    /// Attempts until it is ours, `deadline` passes, or, with `once`, somebody else holds it.
    /// Errors: Cancelled when the client stops; what an attempt fails with when that is not a matter
    /// of contact, or when there is no time for another.
    std::shared_ptr<Hold> run(Deadline deadline, bool once);

private:
    std::optional<Lease> attempt(Deadline deadline);
    std::optional<Lease> ask(Deadline deadline);
    bool pause(Deadline deadline);
    void check_stop();

    ClientCore& core_;
    const HoldKind kind_;
    const std::string& name_;
    const std::string owner_;
    bool doubtful_ = false;  ///< an attempt may have taken effect, or may still
    std::exception_ptr failure_;
};

}  // namespace conclave::detail
