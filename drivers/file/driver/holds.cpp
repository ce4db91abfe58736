#include "holds.hpp"

#include "conclave/error.hpp"
#include "conclave/unique_text.hpp"
#include "fence.hpp"
#include "folder.hpp"

namespace conclave::file {

namespace {

Lease lease_of(const std::string& name, const std::string& owner, std::uint64_t token) {
    return {name, owner, token, TimePoint::max()};
}

}  // namespace

Holds::Holds(Runtime& runtime, const Names& names, std::string member_id)
    : runtime_(runtime),
      names_(names),
      member_id_(std::move(member_id)),
      instance_(unique_text(runtime.random)) {}

std::string Holds::temporary() {
    return names_.temporaries() + "/conclave-" + instance_ + "-" + std::to_string(temporaries_++);
}

std::shared_ptr<Holds::Held> Holds::find(const std::string& path, const std::string& owner) const {
    const auto found = held_.find(path);
    const bool ours = found != held_.end() && found->second->owner == owner;
    return ours ? found->second : nullptr;
}

void Holds::forget(const std::string& path, const std::shared_ptr<Held>& held) {
    const auto found = held_.find(path);
    if (found != held_.end() && found->second == held) held_.erase(found);
}

// A lock that was taken dies with its handle when the counter cannot be written: no effect then,
// although the counter may have moved on, which leaves a gap and harms nobody.
std::optional<Lease> Holds::try_acquire(const std::string& name, const std::string& owner,
                                        const LockFiles& files, Deadline deadline) {
    if (const auto held = find(files.lock, owner)) return lease_of(name, owner, held->token);
    if (held_.contains(files.lock)) return std::nullopt;
    Folder folder(runtime_.files, temporary(), deadline);
    const std::string parent = files.lock.substr(0, files.lock.rfind('/'));
    if (parent != names_.folder() && parent != names_.leaders()) folder.make_folders(parent);
    std::unique_ptr<FileLock> lock = folder.try_lock(files.lock);
    if (!lock) return std::nullopt;
    const Fence next{read_fence(folder, files.fence).token + 1, member_id_};
    write_fence(folder, files.fence, next);
    held_[files.lock] = std::make_shared<Held>(Held{owner, next.token, std::move(lock)});
    return lease_of(name, owner, next.token);
}

bool Holds::is_held(const Lease& lease, const std::string& path, Deadline deadline) {
    const std::shared_ptr<Held> held = find(path, lease.owner);
    if (!held) return false;
    const FileOutcome outcome = held->lock->check(deadline);
    if (outcome.ok()) return find(path, lease.owner) == held;
    if (outcome.status != FileStatus::not_found) throw_outcome(outcome, outcome.effect);
    runtime_.observer.event({Event::Severity::warning, "file.locks", "file_gone", path});
    forget(path, held);
    return false;
}

// Whatever the deadline says: a handle that is dropped gives the lock up too.
bool Holds::release(const Lease& lease, const std::string& path, Deadline deadline) {
    const std::shared_ptr<Held> held = find(path, lease.owner);
    if (!held) return false;
    forget(path, held);
    const bool in_place = held->lock->check(deadline).status != FileStatus::not_found;
    held->lock->release(deadline);
    return in_place;
}

void Holds::release_all(Deadline deadline) {
    const auto held = std::exchange(held_, {});
    for (const auto& [path, each] : held) each->lock->release(deadline);
}

}  // namespace conclave::file
