#pragma once

// tooz's locks in a folder. The file is the name below the folder, as far as a comparison of the
// beginnings of two texts can tell; shared ones are shared within a process only.
// Source: tooz 3.1 to 9.0 drivers/file.py FileDriver.get_lock and FileLock.

#include <map>
#include <string>

#include "conclave/driver.hpp"
#include "process_locks.hpp"

namespace conclave::tooz {

class FileLocks final : public Locks {
public:
    FileLocks(Runtime& runtime, std::shared_ptr<ProcessLocks> process, std::string folder,
              bool shared)
        : runtime_(runtime),
          process_(std::move(process)),
          folder_(std::move(folder)),
          shared_(shared) {}

    /// Waits until the deadline, as acquire(blocking) does.
    std::optional<Lease> try_acquire(const std::string& name, const std::string& owner,
                                     Deadline deadline) override;
    bool renew(Lease& lease, Deadline deadline) override { return is_owner(lease, deadline); }
    bool release(const Lease& lease, Deadline deadline) override;
    bool break_lock(const std::string& name, Deadline deadline) override;
    std::optional<Holder> holder(const std::string& name, Deadline deadline) override;
    bool break_holder(const std::string& name, const Holder& holder, Deadline deadline) override;
    bool is_owner(const Lease& lease, Deadline deadline) override;
    std::string new_owner() override;
    Duration ttl() const noexcept override { return Duration::max(); }
    void release_all() noexcept;

private:
    std::string path_of(const std::string& name) const;

    Runtime& runtime_;
    std::shared_ptr<ProcessLocks> process_;
    const std::string folder_;
    const bool shared_;
    std::map<std::string, std::unique_ptr<ProcessLock>> acquired_;  ///< by owner
};

}  // namespace conclave::tooz
