#pragma once

// Locks in a folder, those that one holds alone and those that are shared; see Holds for the
// algorithm. Parts of FileDriver.

#include "conclave/unique_text.hpp"
#include "holds.hpp"

namespace conclave::file {

class FileLocks final : public Locks {
public:
    FileLocks(Runtime& runtime, Holds& holds, const Names& names, LockSharing sharing)
        : runtime_(runtime), holds_(holds), names_(names), sharing_(sharing) {}

    std::optional<Lease> try_acquire(const std::string& name, const std::string& owner,
                                     Deadline deadline) override;
    bool renew(Lease& lease, Deadline deadline) override;
    bool release(const Lease& lease, Deadline deadline) override;
    /// Errors: no effect - NotImplemented, always: an operating system takes no lock from a process.
    bool break_lock(const std::string& name, Deadline deadline) override;
    /// Who it is and the token as its fence tells them: between the lock and its fence for a moment
    /// the previous ones, for a peer that keeps no fence always.
    std::optional<Holder> holder(const std::string& name, Deadline deadline) override;
    /// As break_lock().
    bool break_holder(const std::string& name, const Holder& holder, Deadline deadline) override;
    bool is_owner(const Lease& lease, Deadline deadline) override;
    std::string new_owner() override { return unique_text(runtime_.random); }
    Duration ttl() const noexcept override { return Duration::max(); }

private:
    Runtime& runtime_;
    Holds& holds_;
    const Names& names_;
    const LockSharing sharing_;
};

}  // namespace conclave::file
