#pragma once

// tooz's file driver, step by step, so that runs show what it does where ours is on trial.
// Source: tooz 3.1 to 9.0 drivers/file.py FileDriver; each part names its own.

#include <string>

#include "beating_driver.hpp"
#include "file_groups.hpp"
#include "file_locks.hpp"

namespace conclave::tooz {

class FileDriver final : public BeatingDriver {
public:
    /// `process` is the same for all drivers of one process.
    FileDriver(Runtime& runtime, std::shared_ptr<ProcessLocks> process, std::string folder,
               Duration timeout, const std::string& member_id);

    void start(Deadline deadline) override;
    void stop(Deadline deadline) override;
    /// As tooz's class says.
    Claims claims() const override;
    Locks* locks() noexcept override { return &locks_; }
    Locks* shared_locks() noexcept override { return &shared_locks_; }
    Groups* groups() noexcept override { return &groups_; }
    Elections* elections() noexcept override { return nullptr; }

private:
    Duration beat(Deadline deadline) override;

    Runtime& runtime_;
    const std::string folder_;
    const Duration timeout_;
    FileLocks locks_;
    FileLocks shared_locks_;
    FileGroups groups_;
};

}  // namespace conclave::tooz
