#pragma once

// Locks in a folder; see Holds for the algorithm. Parts of FileDriver.

#include "conclave/unique_text.hpp"
#include "holds.hpp"

namespace conclave::file {

class FileLocks final : public Locks {
public:
    FileLocks(Runtime& runtime, Holds& holds, const Names& names)
        : runtime_(runtime), holds_(holds), names_(names) {}

    std::optional<Lease> try_acquire(const std::string& name, const std::string& owner,
                                     Deadline deadline) override;
    bool renew(Lease& lease, Deadline deadline) override;
    bool release(const Lease& lease, Deadline deadline) override;
    /// Errors: no effect - NotImplemented, always: an operating system takes no lock from a process.
    bool break_lock(const std::string& name, Deadline deadline) override;
    bool is_owner(const Lease& lease, Deadline deadline) override;
    std::string new_owner() override { return unique_text(runtime_.random); }
    Duration ttl() const noexcept override { return Duration::max(); }

private:
    Runtime& runtime_;
    Holds& holds_;
    const Names& names_;
};

}  // namespace conclave::file
