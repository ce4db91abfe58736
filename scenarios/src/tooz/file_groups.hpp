#pragma once

// tooz's groups in a folder: a member is there while its file is dated within the timeout; one that
// has lapsed keeps its place and its group for ever. Different from tooz: a member's file does not
// say when it joined, which nobody reads.
// Source: tooz 3.1 to 9.0 drivers/file.py FileDriver, from create_group to heartbeat.

#include <set>
#include <string>

#include "conclave/driver.hpp"
#include "process_locks.hpp"

namespace conclave::tooz {

class FileGroups final : public Groups {
public:
    FileGroups(Runtime& runtime, std::shared_ptr<ProcessLocks> process, std::string folder,
               Duration timeout, std::string member_id);

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

    /// Dates the member's file in the groups that it has joined.
    void heartbeat(Deadline deadline);

private:
    class Locked;
    std::string path_of(const std::string& group) const;
    std::string path_of(const std::string& group, const std::string& member) const;
    bool exists(const std::string& path, Deadline deadline);
    bool is_fresh(WallTime modified) const;
    void write_metadata(const std::string& group, Deadline deadline);

    Runtime& runtime_;
    const std::string folder_;
    const Duration timeout_;
    const std::string member_id_;
    ProcessLock driver_lock_;
    std::set<std::string> joined_;  ///< _joined_groups
};

}  // namespace conclave::tooz
