#include "holds.hpp"

#include <algorithm>

#include "conclave/error.hpp"
#include "conclave/unique_text.hpp"
#include "fence.hpp"

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
    const auto [begin, end] = held_.equal_range(path);
    for (auto each = begin; each != end; ++each)
        if (each->second->owner == owner) return each->second;
    return nullptr;
}

/// Whether a hold of this driver keeps `files` from being taken.
bool Holds::excludes(const LockFiles& files) const {
    const auto [begin, end] = held_.equal_range(files.lock);
    return std::any_of(begin, end, [&](const auto& each) {
        return files.sharing == LockSharing::exclusive ||
               each.second->sharing == LockSharing::exclusive;
    });
}

void Holds::forget(const std::string& path, const std::shared_ptr<Held>& held) {
    const auto [begin, end] = held_.equal_range(path);
    const auto found =
        std::find_if(begin, end, [&](const auto& each) { return each.second == held; });
    if (found != end) held_.erase(found);
}

// Whoever shares a lock counts nothing: several would write the counter at once.
std::uint64_t Holds::take_token(Folder& folder, const LockFiles& files) const {
    const std::uint64_t last = read_fence(folder, files.fence).token;
    if (files.sharing == LockSharing::shared) return last;
    write_fence(folder, files.fence, {last + 1, member_id_});
    return last + 1;
}

// A lock that was taken dies with its handle when the counter cannot be written: no effect then,
// although the counter may have moved on, which leaves a gap and harms nobody.
std::optional<Lease> Holds::try_acquire(const std::string& name, const std::string& owner,
                                        const LockFiles& files, Deadline deadline) {
    if (const auto held = find(files.lock, owner)) return lease_of(name, owner, held->token);
    if (excludes(files)) return std::nullopt;
    Folder folder(runtime_.files, temporary(), deadline);
    const std::string parent = files.lock.substr(0, files.lock.rfind('/'));
    if (parent != names_.folder() && parent != names_.leaders()) folder.make_folders(parent);
    std::unique_ptr<FileLock> lock = folder.try_lock(files.lock, files.sharing);
    if (!lock) return std::nullopt;
    const std::uint64_t token = take_token(folder, files);
    held_.emplace(files.lock, std::make_shared<Held>(
                                  Held{owner, files.sharing, token, std::move(lock)}));
    return lease_of(name, owner, token);
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
