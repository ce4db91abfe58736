#include "file_elections.hpp"

#include "driver_lock.hpp"
#include "fence.hpp"

namespace conclave::file {

std::optional<Lease> FileElections::try_lead(const std::string& group, const std::string& owner,
                                             Deadline deadline) {
    const DriverLock lock(runtime_, turn_, names_.driver_lock(), deadline);
    return holds_.try_acquire(group, owner, {names_.leader(group), names_.leader_fence(group)},
                              deadline);
}

bool FileElections::renew(Lease& leadership, Deadline deadline) {
    return holds_.is_held(leadership, names_.leader(leadership.name), deadline);
}

bool FileElections::resign(const Lease& leadership, Deadline deadline) {
    return holds_.release(leadership, names_.leader(leadership.name), deadline);
}

// Whether the file is locked can only be told by locking it; campaigns wait for the driver lock
// meanwhile, so none of them fails for that.
Leader FileElections::get_leader(const std::string& group, Deadline deadline) {
    const DriverLock lock(runtime_, turn_, names_.driver_lock(), deadline);
    Folder folder(runtime_.files, {}, deadline);
    if (folder.try_lock(names_.leader(group))) return {};
    return {Leader::Known::member, read_fence(folder, names_.leader_fence(group)).member_id};
}

}  // namespace conclave::file
