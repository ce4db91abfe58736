#pragma once

// The file driver: locks, groups and elections in one folder of a file system. Made by all_drivers();
// used on the fibers of its runtime only. Files and encodings are tooz's, so that Python and C++
// processes share locks and groups; docs of each part say what is added beside them.

#include <string>

#include "conclave/driver.hpp"
#include "conclave/sync.hpp"
#include "file_elections.hpp"
#include "file_groups.hpp"
#include "file_locks.hpp"
#include "file_options.hpp"
#include "holds.hpp"
#include "names.hpp"

namespace conclave::file {

class FileDriver final : public Driver {
public:
    /// Errors: no effect - BadOption for an empty member id.
    FileDriver(Runtime& runtime, FileOptions options, const std::string& member_id);

    void start(Deadline deadline) override;
    /// Besides what every driver does: ends the holds that are left.
    void stop(Deadline deadline) override;
    Beat heartbeat(Deadline deadline) override { return groups_.beat(deadline); }
    Claims claims() const override;
    Remarks examine(Deadline deadline) override;
    Locks* locks() noexcept override { return &locks_; }
    Locks* shared_locks() noexcept override { return &shared_locks_; }
    Groups* groups() noexcept override { return &groups_; }
    Elections* elections() noexcept override { return &elections_; }

private:
    void make_folders(Deadline deadline);
    void remove_leftovers(Deadline deadline);

    Runtime& runtime_;
    const FileOptions options_;
    const Names names_;
    FiberMutex turn_;  ///< of the driver lock
    Holds holds_;
    FileLocks locks_;
    FileLocks shared_locks_;
    FileGroups groups_;
    FileElections elections_;
};

}  // namespace conclave::file
