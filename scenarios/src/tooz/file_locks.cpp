#include "file_locks.hpp"

#include <filesystem>

#include "conclave/unique_text.hpp"
#include "outcome.hpp"

namespace conclave::tooz {

std::string FileLocks::new_owner() { return unique_text(runtime_.random); }

std::string FileLocks::path_of(const std::string& name) const {
    const std::string path =
        (std::filesystem::path(folder_) / name).lexically_normal().generic_string();
    if (!path.starts_with(folder_)) throw Error("lock name '" + name + "' leads out of the folder");
    for (const char* const reserved : {"", "/groups", "/tmp", "/.driver_lock"})
        if (path == folder_ + reserved) throw Error("lock name '" + name + "' is reserved");
    return path;
}

std::optional<Lease> FileLocks::try_acquire(const std::string& name, const std::string& owner,
                                            Deadline deadline) {
    const std::string path = path_of(name);
    const std::string parent = path.substr(0, path.rfind('/'));
    if (parent != folder_) require(runtime_.files.make_folders(parent, deadline));
    auto lock = std::make_unique<ProcessLock>(process_, path, name);
    if (!lock->acquire(shared_, deadline)) return std::nullopt;
    acquired_.insert_or_assign(owner, std::move(lock));
    return Lease{name, owner, 0, TimePoint::max()};
}

bool FileLocks::release(const Lease& lease, Deadline) {
    const auto found = acquired_.find(lease.owner);
    if (found == acquired_.end()) return false;
    const bool released = found->second->release();
    acquired_.erase(found);
    return released;
}

bool FileLocks::break_lock(const std::string&, Deadline) {
    throw NotImplemented("tooz's file driver breaks no lock");
}

std::optional<Holder> FileLocks::holder(const std::string&, Deadline) {
    throw NotImplemented("tooz does not tell who holds a lock");
}

bool FileLocks::break_holder(const std::string& name, const Holder&, Deadline deadline) {
    return break_lock(name, deadline);
}

bool FileLocks::is_owner(const Lease& lease, Deadline) { return acquired_.contains(lease.owner); }

void FileLocks::release_all() noexcept {
    for (const auto& [owner, lock] : acquired_) lock->release();
    acquired_.clear();
}

}  // namespace conclave::tooz
