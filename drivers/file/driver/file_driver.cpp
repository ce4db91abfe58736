#include "file_driver.hpp"

#include <exception>

#include "conclave/error.hpp"
#include "driver_lock.hpp"
#include "examination.hpp"
#include "folder.hpp"

namespace conclave::file {

namespace {

/// What a process that died while it wrote has left behind may be in use for no longer than this.
constexpr Duration leftover_age = std::chrono::hours(1);

const std::string& checked(const std::string& member_id) {
    if (member_id.empty()) throw BadOption("member id '': expected at least one byte");
    return member_id;
}

}  // namespace

FileDriver::FileDriver(Runtime& runtime, FileOptions options, const std::string& member_id)
    : runtime_(runtime),
      options_(std::move(options)),
      names_(options_.folder, options_.layout),
      turn_(runtime.scheduler),
      holds_(runtime, names_, checked(member_id)),
      locks_(runtime, holds_, names_, LockSharing::exclusive),
      shared_locks_(runtime, holds_, names_, LockSharing::shared),
      groups_(runtime, holds_, names_, turn_, options_, member_id),
      elections_(runtime, holds_, names_, turn_) {}

void FileDriver::start(Deadline deadline) {
    try {
        make_folders(deadline);
        remove_leftovers(deadline);
    } catch (const Cancelled&) {
        throw;
    } catch (const OperationTimedOut&) {
        throw;
    } catch (const AccessDenied& error) {
        std::throw_with_nested(
            AccessDenied(std::string(error.what()) + "; expected a folder to write to"));
    } catch (const Error& error) {
        std::throw_with_nested(
            ConnectionError(std::string(error.what()) + "; expected a folder to write to"));
    }
}

void FileDriver::make_folders(Deadline deadline) {
    Folder folder(runtime_.files, {}, deadline);
    for (const std::string& path :
         {names_.groups(), names_.temporaries(), names_.fences(), names_.leaders()})
        folder.make_folders(path);
}

void FileDriver::remove_leftovers(Deadline deadline) {
    const DriverLock lock(runtime_, turn_, names_.driver_lock(), deadline);
    Folder folder(runtime_.files, {}, deadline);
    for (const std::string& name : folder.list(names_.temporaries())) {
        if (!name.starts_with("conclave-")) continue;
        const std::string path = names_.temporaries() + "/" + name;
        const std::optional<FileRead> read = folder.read(path);
        const std::int64_t now = runtime_.wall_clock.now().nanoseconds;
        if (read && now - read->modified.nanoseconds > leftover_age.count()) folder.remove(path);
    }
}

void FileDriver::stop(Deadline deadline) {
    groups_.withdraw(deadline);
    holds_.release_all(deadline);
}

// Envelope: a file system whose record locks and syncs work, nobody removes or writes files of the
// folder, and the wall clock is not stepped (memberships are dated by it). On a share the first one
// cannot be known. tooz's own processes exclude and are excluded, but write no token.
Claims FileDriver::claims() const {
    Claims claims;
    claims.characteristics = {Characteristic::distributed_across_threads,
                              Characteristic::distributed_across_processes};
    // Whether locks reach the other hosts is up to the mount, which nobody can ask.
    if (options_.shared) return claims;
    claims.features = {Feature::exclusive_by_belief, Feature::membership_accuracy};
    if (!options_.mixed_peers) claims.features.insert(Feature::fencing);
    return claims;
}

Remarks FileDriver::examine(Deadline deadline) {
    return file::examine(runtime_, names_, holds_, options_, deadline);
}

}  // namespace conclave::file
