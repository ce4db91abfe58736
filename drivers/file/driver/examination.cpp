#include "examination.hpp"

#include "conclave/error.hpp"
#include "folder.hpp"

namespace conclave::file {

namespace {

constexpr std::int64_t offset_max_ms = 1000;

Remark as_remark(const std::string& about, const std::string& good, const std::string& problem) {
    if (problem.empty()) return {Remark::Grade::ok, about, good};
    return {Remark::Grade::error, about, problem};
}

/// What is wrong with the locks of this file system; empty: nothing.
std::string try_locks(Folder& folder, const std::string& path) {
    const std::unique_ptr<FileLock> first = folder.try_lock(path);
    if (!first) return "a file of our own is locked by another";
    if (folder.try_lock(path)) return "a file can be locked twice: locks exclude nobody here";
    first->release(folder.deadline());
    if (!folder.try_lock(path)) return "a lock that was given up cannot be taken again";
    return {};
}

/// Members are dated by the file system's clock and judged by ours.
Remark compare_clocks(Runtime& runtime, Folder& folder, const std::string& path) {
    const std::int64_t before = runtime.wall_clock.now().nanoseconds;
    folder.touch(path);
    const std::int64_t after = runtime.wall_clock.now().nanoseconds;
    const std::optional<FileRead> read = folder.read(path);
    if (!read) return {Remark::Grade::error, "clocks", "a file that was written is gone"};
    const std::int64_t ours = before + (after - before) / 2;
    const std::int64_t offset = (read->modified.nanoseconds - ours) / 1'000'000;
    const std::string told = "the file system's is " + std::to_string(offset) + " ms ahead of ours";
    if (offset > offset_max_ms || offset < -offset_max_ms)
        return {Remark::Grade::warning, "clocks", told + ": live members may not be seen"};
    return {Remark::Grade::ok, "clocks", told};
}

}  // namespace

Remarks examine(Runtime& runtime, const Names& names, Holds& holds, const FileOptions& options,
                Deadline deadline) {
    Folder folder(runtime.files, holds.temporary(), deadline);
    const std::string path = holds.temporary();
    Remarks remarks;
    folder.replace(path, "conclave");
    remarks.push_back({Remark::Grade::ok, "folder", names.folder() + " can be written to"});
    remarks.push_back(
        as_remark("record locks", "they exclude, and can be given up", try_locks(folder, path)));
    remarks.push_back(compare_clocks(runtime, folder, path));
    folder.remove(path);
    if (options.shared)
        remarks.push_back({Remark::Grade::warning, "shared",
                           "shared=true: neither exclusion nor fencing is claimed"});
    return remarks;
}

}  // namespace conclave::file
