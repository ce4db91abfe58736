#pragma once

// Groups in a folder, in tooz's files: a folder per group, a file per member whose time of
// modification is the member's last beat. Everything happens under the driver lock, as tooz's peers
// expect. Part of FileDriver.
// Source: tooz drivers/file.py FileDriver; what it lacks is said at each function.

#include <map>
#include <string>

#include "conclave/driver.hpp"
#include "conclave/sync.hpp"
#include "file_options.hpp"
#include "folder.hpp"
#include "group_files.hpp"
#include "holds.hpp"

namespace conclave::file {

class FileGroups final : public Groups {
public:
    FileGroups(Runtime& runtime, Holds& holds, const Names& names, FiberMutex& turn,
               const FileOptions& options, std::string member_id);

    void create_group(const std::string& group, Deadline deadline) override;
    void delete_group(const std::string& group, Deadline deadline) override;
    std::vector<std::string> get_groups(Deadline deadline) override;
    void join_group(const std::string& group, const Value& capabilities,
                    Deadline deadline) override;
    void leave_group(const std::string& group, Deadline deadline) override;
    std::set<std::string> get_members(const std::string& group, Deadline deadline) override;
    std::map<std::string, Value> get_members_with_capabilities(const std::string& group,
                                                               Deadline deadline) override;
    Value get_member_capabilities(const std::string& group, const std::string& member,
                                  Deadline deadline) override;
    void update_capabilities(const std::string& group, const Value& capabilities,
                             Deadline deadline) override;
    Value get_member_info(const std::string& group, const std::string& member,
                          Deadline deadline) override;

    /// Dates our file in every group that we joined; one that is gone is written again.
    Beat beat(Deadline deadline);
    /// Leaves every group that we joined; errors are told to the Observer only.
    void withdraw(Deadline deadline);

private:
    class Session;
    struct Joined {
        std::string capabilities;  ///< packed
        std::string incarnation;
        WallTime since;  ///< when it joined
    };
    enum class Renewal : std::uint8_t { renewed, rejoined, lost };

    void require_group(Session& session, const std::string& group);
    /// A member's file: what is in it, and whether its last beat is still in force.
    struct Found {
        std::optional<Member> member;  ///< nullopt: damaged
        bool in_force;
        WallTime modified;
    };
    std::optional<Found> find_member(Session& session, const std::string& path);
    /// That of a member who has not lapsed. Errors: none - MemberNotJoined, SerializationError.
    Found require_member(Session& session, const std::string& group, const std::string& member);
    bool in_force(WallTime modified) const;
    void write_member(Session& session, const std::string& group, const Joined& joined);
    /// Our file in `group`; MemberNotJoined when it is not that of the join in force.
    std::string own_file(Session& session, const std::string& group);
    Renewal renew(Session& session, const std::string& group, const Joined& joined);
    /// A read left out a member whose file nobody has touched for its timeout.
    void tell_lapsed(const std::string& member, const std::string& group);
    void tell(std::string_view event, const std::string& detail);

    Runtime& runtime_;
    Holds& holds_;
    const Names& names_;
    FiberMutex& turn_;
    const FileOptions& options_;
    const std::string member_id_;
    std::map<std::string, Joined> joined_;  ///< by group
};

}  // namespace conclave::file
