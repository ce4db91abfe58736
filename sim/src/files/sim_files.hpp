#pragma once

// The Files of one process: its host's disk, or a share where one is mounted. An operation is a few
// steps on the disk, each after some time, so that a crash can fall between any two of them; once
// begun it goes on whatever its deadline says. The mirror in production is PosixFiles.

#include <functional>
#include <memory>

#include "conclave/files.hpp"
#include "disk_state.hpp"

namespace conclave::sim {

class SimFiles final : public Files {
public:
    explicit SimFiles(ProcessState& process) : process_(process) {}

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
    friend class SimFileLock;
    enum class Kind : std::uint8_t { call, sync };
    struct Place {
        DiskState& disk;
        std::string path;  ///< on that disk
    };
    struct Step {
        Kind kind;
        std::string_view word;  ///< for the trace
        std::function<FileOutcome(DiskState&)> action;
        std::string_view content = {};  ///< what is written
    };

    Place place_of(const std::string& path) const;
    /// An outcome that is not ok: the operation must not begin.
    FileOutcome before(const std::string& path, Deadline deadline) const;
    /// One environment call: time passes, then the step happens at once. A process that dies before
    /// leaves no trace of it.
    FileOutcome take(const Place& place, const Step& step);
    void pass_time(DiskState& disk, Kind kind);
    /// Those of `steps` up to the first that fails.
    FileOutcome run(const std::string& path, Deadline deadline, const std::vector<Step>& steps);
    void record(const Place& place, const Step& step, FileStatus status);

    ProcessState& process_;
};

}  // namespace conclave::sim
