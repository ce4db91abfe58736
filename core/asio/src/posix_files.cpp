#include "posix_files.hpp"

#include <utility>

namespace conclave::detail {

namespace {

/// What a caller is told that did not hear the end of its operation.
FileOutcome unheard(FileWorker::Ended ended, bool begun, const std::string& path) {
    const Effect effect = begun ? Effect::unknown : Effect::none;
    switch (ended) {
        case FileWorker::Ended::timed_out:
            return {FileStatus::timed_out, effect, path + ": not done before the deadline"};
        case FileWorker::Ended::cancelled:
            return {FileStatus::cancelled, effect, path + ": cancelled"};
        default: return {FileStatus::failed, effect, path + ": no thread for file operations"};
    }
}

FileOutcome& outcome_of(FileOutcome& outcome) { return outcome; }
template <class Result>
FileOutcome& outcome_of(Result& result) {
    return result.outcome;
}

/// Runs `call` on the worker. Reading changes nothing, whether its end was heard or not.
template <class Result, class Call>
Result on_worker(FileWorker& worker, const std::string& path, Deadline deadline, bool changes,
                 Call call) {
    Result result;
    bool begun = false;
    const FileWorker::Ended ended =
        worker.run(std::function<Result()>(std::move(call)), deadline, result, begun);
    if (ended != FileWorker::Ended::done)
        outcome_of(result) = unheard(ended, begun && changes, path);
    return result;
}

class PosixFileLock final : public FileLock {
public:
    PosixFileLock(FileWorker& worker, std::string path, OwnedDescriptor descriptor)
        : worker_(worker),
          path_(std::move(path)),
          descriptor_(std::make_shared<OwnedDescriptor>(std::move(descriptor))) {}
    ~PosixFileLock() override {
        if (!released_) worker_.run_later([descriptor = descriptor_] { unlock(*descriptor); });
    }

    FileOutcome check(Deadline deadline) override {
        return on_worker<FileOutcome>(
            worker_, path_, deadline, false,
            [path = path_, descriptor = descriptor_] { return check_lock(*descriptor, path); });
    }
    FileOutcome release(Deadline deadline) override {
        const FileOutcome outcome = on_worker<FileOutcome>(
            worker_, path_, deadline, true, [descriptor = descriptor_]() -> FileOutcome {
                unlock(*descriptor);
                return {};
            });
        released_ = outcome.ok();
        return outcome;
    }

private:
    FileWorker& worker_;
    const std::string path_;
    /// Shared with operations under way; touched on the worker's thread only.
    const std::shared_ptr<OwnedDescriptor> descriptor_;
    bool released_ = false;
};

}  // namespace

FileRead PosixFiles::read(const std::string& path, Deadline deadline) {
    return on_worker<FileRead>(worker_, path, deadline, false, [path] { return read_file(path); });
}

FileOutcome PosixFiles::replace(const std::string& path, const std::string& temporary,
                                std::string_view content, Deadline deadline) {
    return on_worker<FileOutcome>(worker_, path, deadline, true,
                                  [path, temporary, content = std::string(content)] {
                                      return replace_file(path, temporary, content);
                                  });
}

FileOutcome PosixFiles::touch(const std::string& path, Deadline deadline) {
    return on_worker<FileOutcome>(worker_, path, deadline, true,
                                  [path] { return touch_file(path); });
}

FileList PosixFiles::list(const std::string& folder, Deadline deadline) {
    return on_worker<FileList>(worker_, folder, deadline, false,
                               [folder] { return list_folder(folder); });
}

FileOutcome PosixFiles::remove(const std::string& path, Deadline deadline) {
    return on_worker<FileOutcome>(worker_, path, deadline, true,
                                  [path] { return remove_path(path); });
}

FileOutcome PosixFiles::make_folders(const std::string& path, Deadline deadline) {
    return on_worker<FileOutcome>(worker_, path, deadline, true,
                                  [path] { return detail::make_folders(path); });
}

// A lock whose taker stopped waiting dies with the result that nobody fetches.
FileLocked PosixFiles::try_lock(const std::string& path, LockSharing sharing,
                                Deadline deadline) {
    LockedDescriptor locked = on_worker<LockedDescriptor>(
        worker_, path, deadline, false, [=] { return try_lock_file(path, sharing); });
    if (!locked.outcome.ok()) return {std::move(locked.outcome), nullptr};
    return {{}, std::make_unique<PosixFileLock>(worker_, path, std::move(locked.descriptor))};
}

FileOutcome PosixFiles::look_at_lock(const std::string& path, Deadline deadline) {
    return on_worker<FileOutcome>(worker_, path, deadline, false,
                                  [path] { return detail::look_at_lock(path); });
}

}  // namespace conclave::detail
