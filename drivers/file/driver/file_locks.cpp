#include "file_locks.hpp"

#include "conclave/error.hpp"
#include "fence.hpp"
#include "folder.hpp"

namespace conclave::file {

std::optional<Lease> FileLocks::try_acquire(const std::string& name, const std::string& owner,
                                            Deadline deadline) {
    return holds_.try_acquire(name, owner, {names_.lock(name), names_.fence(name), sharing_},
                              deadline);
}

bool FileLocks::renew(Lease& lease, Deadline deadline) { return is_owner(lease, deadline); }

bool FileLocks::release(const Lease& lease, Deadline deadline) {
    return holds_.release(lease, names_.lock(lease.name), deadline);
}

// Removing the file would look like it: others would then lock a new one while the holder goes on.
bool FileLocks::break_lock(const std::string& name, Deadline) {
    throw NotImplemented("lock '" + name + "' cannot be broken: it ends with its process");
}

std::optional<Holder> FileLocks::holder(const std::string& name, Deadline deadline) {
    Folder folder(runtime_.files, {}, deadline);
    if (!folder.is_locked(names_.lock(name))) return std::nullopt;
    Fence fence = read_fence(folder, names_.fence(name));
    return Holder{{}, std::move(fence.member_id), fence.token, Duration::max()};
}

bool FileLocks::break_holder(const std::string& name, const Holder&, Deadline deadline) {
    return break_lock(name, deadline);
}

bool FileLocks::is_owner(const Lease& lease, Deadline deadline) {
    return holds_.is_held(lease, names_.lock(lease.name), deadline);
}

}  // namespace conclave::file
