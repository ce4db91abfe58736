#include "file_groups.hpp"

#include <algorithm>

#include "conclave/codec/sha1.hpp"
#include "conclave/unique_text.hpp"
#include "outcome.hpp"
#include "packed.hpp"

namespace conclave::tooz {

namespace {

constexpr std::string_view member_suffix = ".raw";

std::string hashed(const std::string& text) {
    const digest::Digits digits = digest::sha1(text);
    return {digits.data(), digits.size()};
}

/// The entry of a map that is there.
Value entry(const Value& map, std::string_view key) {
    if (const Map* const entries = map.get_if<Map>())
        for (const auto& [name, value] : *entries)
            if (name == Value(std::string(key))) return value;
    throw SerializationError("no entry '" + std::string(key) + "'");
}

std::string id_of(const Value& map, std::string_view key) {
    const Value id = entry(map, key);
    const Blob* const blob = id.get_if<Blob>();
    if (!blob) throw SerializationError("'" + std::string(key) + "' is no id");
    return blob->bytes;
}

}  // namespace

/// The lock on the whole folder, for a step of several operations.
class FileGroups::Locked {
public:
    Locked(FileGroups& groups, Deadline deadline) : lock_(groups.driver_lock_) {
        if (!lock_.acquire(false, deadline))
            throw OperationTimedOut("the folder was locked by others until the deadline");
    }
    ~Locked() { lock_.release(); }
    Locked(const Locked&) = delete;
    Locked& operator=(const Locked&) = delete;

private:
    ProcessLock& lock_;
};

FileGroups::FileGroups(Runtime& runtime, std::shared_ptr<ProcessLocks> process, std::string folder,
                       Duration timeout, std::string member_id)
    : runtime_(runtime),
      folder_(std::move(folder)),
      timeout_(timeout),
      member_id_(std::move(member_id)),
      driver_lock_(std::move(process), folder_ + "/.driver_lock", ".driver_lock") {}

std::string FileGroups::path_of(const std::string& group) const {
    return folder_ + "/groups/" + hashed(group);
}

std::string FileGroups::path_of(const std::string& group, const std::string& member) const {
    return path_of(group) + "/" + hashed(member) + std::string(member_suffix);
}

bool FileGroups::exists(const std::string& path, Deadline deadline) {
    const FileOutcome outcome = runtime_.files.read(path, deadline).outcome;
    if (outcome.status == FileStatus::not_found) return false;
    require(outcome);
    return true;
}

bool FileGroups::is_fresh(WallTime modified) const {
    const std::int64_t age = runtime_.wall_clock.now().nanoseconds - modified.nanoseconds;
    return age >= 0 && age <= timeout_.count();
}

void FileGroups::write_metadata(const std::string& group, Deadline deadline) {
    const std::string temporary = folder_ + "/tmp/tmp" + unique_text(runtime_.random) + "tooz";
    require(runtime_.files.replace(path_of(group) + "/.metadata", temporary,
                                   packed(Map{{"group_id", Blob{group}}, {"encoded", false}}),
                                   deadline));
}

// Without the lock on the folder.
void FileGroups::create_group(const std::string& group, Deadline deadline) {
    const bool there = exists(path_of(group) + "/.metadata", deadline);
    if (!there) require(runtime_.files.make_folders(path_of(group), deadline));
    write_metadata(group, deadline);
    if (there) throw GroupAlreadyExist(group);
}

void FileGroups::delete_group(const std::string& group, Deadline deadline) {
    const Locked locked(*this, deadline);
    const FileList list = runtime_.files.list(path_of(group), deadline);
    if (list.outcome.status == FileStatus::not_found) throw GroupNotCreated(group);
    require(list.outcome);
    if (list.names.size() > 1) throw GroupNotEmpty(group);
    if (list.names.size() == 1 && list.names.front() != ".metadata")
        throw Error("unexpected file " + list.names.front());
    if (!list.names.empty())
        require(runtime_.files.remove(path_of(group) + "/.metadata", deadline));
    require(runtime_.files.remove(path_of(group), deadline));
}

std::vector<std::string> FileGroups::get_groups(Deadline deadline) {
    const Locked locked(*this, deadline);
    const FileList list = runtime_.files.list(folder_ + "/groups", deadline);
    require(list.outcome);
    std::vector<std::string> groups;
    for (const std::string& name : list.names) {
        const FileRead read =
            runtime_.files.read(folder_ + "/groups/" + name + "/.metadata", deadline);
        if (read.outcome.ok()) groups.push_back(id_of(unpacked(read.content), "group_id"));
    }
    std::ranges::sort(groups);
    return groups;
}

// The member's file is written where it stands.
void FileGroups::join_group(const std::string& group, const Value& capabilities,
                            Deadline deadline) {
    const std::string content = packed(
        Map{{"capabilities", capabilities}, {"member_id", Blob{member_id_}}, {"encoded", false}});
    const Locked locked(*this, deadline);
    if (!exists(path_of(group) + "/.metadata", deadline)) throw GroupNotCreated(group);
    const std::string path = path_of(group, member_id_);
    if (exists(path, deadline)) throw MemberAlreadyExist(group, member_id_);
    require(runtime_.files.replace(path, path, content, deadline));
    joined_.insert(group);
}

void FileGroups::leave_group(const std::string& group, Deadline deadline) {
    const Locked locked(*this, deadline);
    if (!exists(path_of(group) + "/.metadata", deadline)) throw GroupNotCreated(group);
    const FileOutcome removed = runtime_.files.remove(path_of(group, member_id_), deadline);
    if (removed.status == FileStatus::not_found) throw MemberNotJoined(group, member_id_);
    require(removed);
    joined_.erase(group);
}

std::set<std::string> FileGroups::get_members(const std::string& group, Deadline deadline) {
    std::set<std::string> members;
    for (const auto& [member, value] : get_members_with_capabilities(group, deadline))
        members.insert(member);
    return members;
}

std::map<std::string, Value> FileGroups::get_members_with_capabilities(const std::string& group,
                                                                       Deadline deadline) {
    const Locked locked(*this, deadline);
    const FileList list = runtime_.files.list(path_of(group), deadline);
    if (list.outcome.status == FileStatus::not_found) throw GroupNotCreated(group);
    require(list.outcome);
    std::map<std::string, Value> members;
    for (const std::string& name : list.names) {
        if (!name.ends_with(member_suffix)) continue;
        const FileRead read = runtime_.files.read(path_of(group) + "/" + name, deadline);
        require(read.outcome);
        if (!is_fresh(read.modified)) continue;
        const Value member = unpacked(read.content);
        members.emplace(id_of(member, "member_id"), entry(member, "capabilities"));
    }
    // run_watchers() does this with what it is told; here nobody reads without watching.
    if (!members.contains(member_id_)) joined_.erase(group);
    return members;
}

// However old the file is.
Value FileGroups::get_member_capabilities(const std::string& group, const std::string& member,
                                          Deadline deadline) {
    const Locked locked(*this, deadline);
    const FileRead read = runtime_.files.read(path_of(group, member), deadline);
    if (read.outcome.status == FileStatus::not_found) {
        if (!runtime_.files.list(path_of(group), deadline).outcome.ok())
            throw GroupNotCreated(group);
        throw MemberNotJoined(group, member);
    }
    require(read.outcome);
    return entry(unpacked(read.content), "capabilities");
}

void FileGroups::update_capabilities(const std::string&, const Value&, Deadline) {
    throw NotImplemented("tooz's file driver updates no capabilities");
}

void FileGroups::heartbeat(Deadline deadline) {
    const std::set<std::string> joined = joined_;
    for (const std::string& group : joined) {
        const Locked locked(*this, deadline);
        const FileOutcome touched = runtime_.files.touch(path_of(group, member_id_), deadline);
        if (touched.status != FileStatus::not_found) require(touched);
    }
}

}  // namespace conclave::tooz
