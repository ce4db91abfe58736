#pragma once

// Files of the operating system. The mirror in simulation is SimFiles.

#include <memory>

#include "conclave/files.hpp"
#include "file_calls.hpp"
#include "file_worker.hpp"

namespace conclave::detail {

class PosixFiles final : public Files {
public:
    PosixFiles(Scheduler& scheduler, const Clock& clock, FileWorker::Post post)
        : worker_(scheduler, clock, std::move(post)) {}

    FileRead read(const std::string& path, Deadline deadline) override;
    FileOutcome replace(const std::string& path, const std::string& temporary,
                        std::string_view content, Deadline deadline) override;
    FileOutcome touch(const std::string& path, Deadline deadline) override;
    FileList list(const std::string& folder, Deadline deadline) override;
    FileOutcome remove(const std::string& path, Deadline deadline) override;
    FileOutcome make_folders(const std::string& path, Deadline deadline) override;
    FileLocked try_lock(const std::string& path, LockSharing sharing, Deadline deadline) override;
    FileOutcome look_at_lock(const std::string& path, Deadline deadline) override;

private:
    FileWorker worker_;
};

}  // namespace conclave::detail
