#pragma once

// Waiting for the next look at an object: until the driver hints that it changed, or until it is
// time to look all the same. On fibers of the runtime.
//
// Hints reach every waiter at once, and only one of them can win: most of those that were hinted in vain
// wait for up to 100 ms, and no longer than the poll interval, after the next hint: a crowd does not ask
// as one.

#include <memory>
#include <string>

#include "client_core.hpp"
#include "interrupt.hpp"

namespace conclave::detail {

class Hints {
public:
    /// Requires: `changes` and `core` outlive it. Errors: as Changes::follow().
    Hints(ClientCore& core, Changes& changes, Changes::Kind kind, const std::string& name);
    ~Hints();
    Hints(const Hints&) = delete;
    Hints& operator=(const Hints&) = delete;

    /// When to look although nothing was hinted: after the poll interval while hints are not told,
    /// else after ten; once more at the end of a wait that `deadline` ends before that.
    Deadline next_look(Deadline deadline);
    /// Parks until a hint came since the last wait, or wake(), `interrupt` or `next`.
    Wake wait(Deadline next, Interrupt* interrupt = nullptr);
    /// Ends every wait, now and from now on. Never parks.
    void end() noexcept;

private:
    Wake wait_for_hint(Deadline next, const Interrupt* interrupt);
    bool is_over(const Interrupt* interrupt) const noexcept;
    void spread(Deadline next, const Interrupt* interrupt);

    ClientCore& core_;
    WaitList waiters_;
    bool changed_ = false;
    bool ended_ = false;
    int hints_in_row_ = 0;  ///< without a time-out between them, the first look's included
    std::unique_ptr<Changes::Interest> interest_;  ///< last: it calls back
};

}  // namespace conclave::detail
