#include "file_groups.hpp"

#include <algorithm>

#include "../../common/capabilities.hpp"
#include "conclave/error.hpp"
#include "conclave/unique_text.hpp"
#include "driver_lock.hpp"

namespace conclave::file {

/// One operation: the driver lock, and the folder under the same deadline.
class FileGroups::Session {
public:
    Session(FileGroups& groups, Deadline deadline)
        : lock_(groups.runtime_, groups.turn_, groups.names_.driver_lock(), deadline),
          folder(groups.runtime_.files, groups.holds_.temporary(), deadline) {}

private:
    DriverLock lock_;

public:
    Folder folder;
};

FileGroups::FileGroups(Runtime& runtime, Holds& holds, const Names& names, FiberMutex& turn,
                       const FileOptions& options, std::string member_id)
    : runtime_(runtime),
      holds_(holds),
      names_(names),
      turn_(turn),
      options_(options),
      member_id_(std::move(member_id)) {}

// tooz takes no lock here, and of two creators both succeed. A group whose file is damaged exists
// all the same: its file is written anew.
void FileGroups::create_group(const std::string& group, Deadline deadline) {
    Session session(*this, deadline);
    const std::string path = names_.metadata(group);
    const std::optional<FileRead> found = session.folder.read(path);
    if (found && parse_group(found->content)) throw GroupAlreadyExist(group);
    session.folder.make_folders(names_.group(group));
    session.folder.replace(path, pack_group(group));
    if (found) throw GroupAlreadyExist(group);
}

// Members that have lapsed do not keep a group; in tooz they keep it for ever.
void FileGroups::delete_group(const std::string& group, Deadline deadline) {
    Session session(*this, deadline);
    require_group(session, group);
    const std::string folder = names_.group(group) + "/";
    std::vector<std::string> lapsed;
    const std::vector<std::string> names = session.folder.list(names_.group(group));
    for (const std::string& name : names) {
        if (name == ".metadata") continue;
        if (!name.ends_with(Names::member_suffix))
            throw Error("file: " + folder + name + " does not belong into a group's folder");
        const std::optional<Found> found = find_member(session, folder + name);
        if (found && found->member && found->in_force) throw GroupNotEmpty(group);
        lapsed.push_back(folder + name);
    }
    for (const std::string& path : lapsed) session.folder.remove(path);
    session.folder.remove(names_.metadata(group));
    session.folder.remove(names_.group(group));
}

std::vector<std::string> FileGroups::get_groups(Deadline deadline) {
    Session session(*this, deadline);
    std::vector<std::string> groups;
    for (const std::string& name : session.folder.list(names_.groups())) {
        const std::string path = names_.groups() + "/" + name + "/.metadata";
        const std::optional<FileRead> found = session.folder.read(path);
        if (!found) continue;
        if (std::optional<std::string> group = parse_group(found->content))
            groups.push_back(std::move(*group));
        else
            tell("damaged_file", path);
    }
    std::ranges::sort(groups);
    return groups;
}

void FileGroups::require_group(Session& session, const std::string& group) {
    if (!session.folder.read(names_.metadata(group))) throw GroupNotCreated(group);
}

bool FileGroups::in_force(WallTime modified) const {
    const std::int64_t age = runtime_.wall_clock.now().nanoseconds - modified.nanoseconds;
    return age >= 0 && age <= options_.membership_timeout.count();
}

std::optional<FileGroups::Found> FileGroups::find_member(Session& session,
                                                         const std::string& path) {
    const std::optional<FileRead> read = session.folder.read_if_small(path);
    if (!read) return std::nullopt;
    Found found{parse_member(read->content), in_force(read->modified), read->modified};
    // Written in place by a process of tooz that died meanwhile, or larger than can be read: nobody
    // who is known to have joined. It stands in nobody else's way.
    if (!found.member) tell("damaged_file", path);
    return found;
}

void FileGroups::write_member(Session& session, const std::string& group, const Joined& joined) {
    session.folder.replace(names_.member(group, member_id_),
                           pack_member(member_id_, joined.capabilities, joined.incarnation,
                                       joined.since));
}

// The place of a member that has lapsed is free; in tooz it is taken for ever.
void FileGroups::join_group(const std::string& group, const Value& capabilities,
                            Deadline deadline) {
    Joined joining{common::pack_capabilities(capabilities), unique_text(runtime_.random), {}};
    Session session(*this, deadline);
    joining.since = runtime_.wall_clock.now();
    require_group(session, group);
    const std::optional<Found> found = find_member(session, names_.member(group, member_id_));
    if (found && found->member && found->in_force) throw MemberAlreadyExist(group, member_id_);
    write_member(session, group, joining);
    joined_.insert_or_assign(group, std::move(joining));
}

std::string FileGroups::own_file(Session& session, const std::string& group) {
    require_group(session, group);
    std::string path = names_.member(group, member_id_);
    const std::optional<Found> found = find_member(session, path);
    const auto joined = joined_.find(group);
    const bool known = found && found->member;
    // A member that this process has not joined may be one that its predecessor left behind.
    const bool ours = known && (joined == joined_.end() ||
                                found->member->incarnation == joined->second.incarnation);
    if (!ours) throw MemberNotJoined(group, member_id_);
    return path;
}

void FileGroups::leave_group(const std::string& group, Deadline deadline) {
    Session session(*this, deadline);
    struct Forget {
        FileGroups& groups;
        const std::string& group;
        // Whatever becomes of the file, no beat may write it again.
        ~Forget() { groups.joined_.erase(group); }
    } forget{*this, group};
    session.folder.remove(own_file(session, group));
}

std::set<std::string> FileGroups::get_members(const std::string& group, Deadline deadline) {
    std::set<std::string> members;
    for (auto& [member, capabilities] : get_members_with_capabilities(group, deadline))
        members.insert(member);
    return members;
}

std::map<std::string, Value> FileGroups::get_members_with_capabilities(const std::string& group,
                                                                       Deadline deadline) {
    Session session(*this, deadline);
    require_group(session, group);
    std::map<std::string, Value> members;
    const std::vector<std::string> names = session.folder.list(names_.group(group));
    for (const std::string& name : names) {
        if (!name.ends_with(Names::member_suffix)) continue;
        std::optional<Found> found = find_member(session, names_.group(group) + "/" + name);
        if (!found || !found->member) continue;
        if (found->in_force)
            members.emplace(found->member->member_id, std::move(found->member->capabilities));
        else
            tell_lapsed(found->member->member_id, group);
    }
    return members;
}

FileGroups::Found FileGroups::require_member(Session& session, const std::string& group,
                                             const std::string& member) {
    require_group(session, group);
    const std::string path = names_.member(group, member);
    std::optional<Found> found = find_member(session, path);
    if (!found || !found->in_force) throw MemberNotJoined(group, member);
    if (!found->member)
        throw SerializationError("file: " + path +
                                 " is damaged or too large, expected a member of " + group);
    return *std::move(found);
}

Value FileGroups::get_member_capabilities(const std::string& group, const std::string& member,
                                          Deadline deadline) {
    Session session(*this, deadline);
    return require_member(session, group, member).member->capabilities;
}

// tooz cannot do this, but what its files say is enough for what its ZooKeeper driver tells.
Value FileGroups::get_member_info(const std::string& group, const std::string& member,
                                  Deadline deadline) {
    Session session(*this, deadline);
    const Found found = require_member(session, group, member);
    const auto seconds = [](WallTime time) { return static_cast<double>(time.nanoseconds) / 1e9; };
    return Map{{"capabilities", found.member->capabilities},
               {"created_at", found.member->joined ? Value(seconds(*found.member->joined)) : Value()},
               {"updated_at", seconds(found.modified)}};
}

// tooz cannot do this.
void FileGroups::update_capabilities(const std::string& group, const Value& capabilities,
                                     Deadline deadline) {
    Joined updated{common::pack_capabilities(capabilities), {}, {}};
    Session session(*this, deadline);
    const std::string path = own_file(session, group);
    const std::optional<Found> found = find_member(session, path);
    updated.incarnation = found->member->incarnation;
    updated.since = found->member->joined.value_or(runtime_.wall_clock.now());
    write_member(session, group, updated);
    if (joined_.contains(group)) joined_[group] = std::move(updated);
}

Beat FileGroups::beat(Deadline deadline) {
    Beat beat{options_.membership_timeout, {}, {}};
    if (joined_.empty()) return beat;
    Session session(*this, deadline);
    const std::map<std::string, Joined> joined = joined_;
    for (const auto& [group, each] : joined) {
        const Renewal renewal = renew(session, group, each);
        if (renewal == Renewal::rejoined) beat.rejoined.push_back(group);
        if (renewal != Renewal::lost) continue;
        joined_.erase(group);
        beat.lost.push_back(group);
    }
    return beat;
}

// tooz dates whatever file is there, and does nothing when there is none. Nobody removes a file but
// who leaves for its member, or deletes the group that it had lapsed from: a beat undoes neither.
FileGroups::Renewal FileGroups::renew(Session& session, const std::string& group,
                                      const Joined& joined) {
    const std::string path = names_.member(group, member_id_);
    const std::optional<Found> found = find_member(session, path);
    if (!found) {
        tell("gone", group);
        return Renewal::lost;
    }
    if (!found->member) {
        tell("rejoined", group);
        write_member(session, group, joined);
        return Renewal::rejoined;
    }
    if (found->member->incarnation != joined.incarnation) {
        tell("replaced", group);
        return Renewal::lost;
    }
    session.folder.touch(path);
    return found->in_force ? Renewal::renewed : Renewal::rejoined;
}

void FileGroups::withdraw(Deadline deadline) {
    const std::map<std::string, Joined> joined = joined_;
    for (const auto& [group, each] : joined) {
        try {
            leave_group(group, deadline);
        } catch (const Error& error) {
            tell("not_left", error.what());
        }
    }
}

void FileGroups::tell_lapsed(const std::string& member, const std::string& group) {
    runtime_.observer.event(
        {Event::Severity::debug, "file.groups", "lapsed", member + " " + group});
}

void FileGroups::tell(std::string_view event, const std::string& detail) {
    runtime_.observer.event({Event::Severity::warning, "file.groups", event, detail});
}

}  // namespace conclave::file
