#pragma once

// The Files of one process: its host's disk, or a share where one is mounted. An operation is a few
// steps on the disk, each after some time, so that a crash can fall between any two of them. One fiber
// of the process does them, operation after operation: whoever asked for one stops waiting at its
// deadline, and the operation goes on. The mirror in production is PosixFiles.

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conclave/fiber.hpp"
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

    /// What was under way when the process died.
    void forget() noexcept;

private:
    friend class SimFileLock;
    enum class Kind : std::uint8_t { call, sync };
    struct Place {
        DiskState& disk;
        std::string path;  ///< on that disk
    };
    /// Owns what it needs: whoever asked for it may have gone.
    struct Step {
        Kind kind;
        std::string_view word;  ///< for the trace
        std::function<FileOutcome(DiskState&)> action;
        std::shared_ptr<const std::string> content = nullptr;  ///< what is written
    };
    struct Operation {
        Place place;
        std::vector<Step> steps;  ///< up to the first that fails
        detail::Fiber* waiter = nullptr;
        FileOutcome outcome = {};
        bool done = false;
    };

    Place place_of(const std::string& path) const;
    /// An outcome that is not ok: the operation must not begin.
    FileOutcome before(const std::string& path, Deadline deadline) const;
    /// Parks until it is done or `deadline` passes. One that `changes` nothing has no effect, whether
    /// its end was heard or not.
    FileOutcome run(const std::string& path, Deadline deadline, bool changes,
                    std::vector<Step> steps);
    void submit(std::shared_ptr<Operation> operation);
    void work();
    void finish(Operation& operation);
    /// One environment call: time passes, then the step happens at once. A process that dies before
    /// leaves no trace of it.
    FileOutcome take(const Place& place, const Step& step);
    void pass_time(DiskState& disk, Kind kind);
    void wait_for_answer(DiskState& disk);
    void record(const Place& place, const Step& step, FileStatus status);
    /// After what is under way, which may rely on the lock.
    void unlock_later(const std::string& path, const NodeRef& node, std::uint64_t id) noexcept;

    std::deque<std::shared_ptr<Operation>> waiting_;
    bool working_ = false;
    ProcessState& process_;
};

}  // namespace conclave::sim
