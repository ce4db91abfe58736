#pragma once

// A disk from the inside: a tree of nodes, what of it would survive a power loss, and locks. Every
// function is one step that happens at once; SimFiles makes operations of them.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "conclave/fiber.hpp"
#include "conclave/files.hpp"
#include "conclave/sim/disk.hpp"
#include "conclave/sim/stream.hpp"

namespace conclave::sim {

struct HostState;
struct ProcessState;

struct Node;
using NodeRef = std::shared_ptr<Node>;
using Entries = std::map<std::string, NodeRef>;

struct LockHolder {
    std::uint64_t id = 0;
    const ProcessState* process = nullptr;
    LockSharing sharing = LockSharing::exclusive;
};

/// One lock, from its holder's side.
struct FileHold {
    NodeRef node;
    std::uint64_t id;
};

/// A file or a folder; lives on while it is locked although its name is gone.
struct Node {
    bool folder = false;
    std::string content;
    std::string durable_content;
    std::int64_t modified = 0;  ///< ns of the disk's wall clock
    Entries entries;
    Entries durable_entries;
    std::vector<LockHolder> locks;
};

struct DiskState {
    /// `owner` keeps the disk and its clock; null for a share.
    DiskState(HostState* owner, Stream random, const DiskOptions& disk_options);

    // Steps. Outcomes have no effect when they are not ok.
    FileOutcome read(const std::string& path, FileRead& read);
    FileOutcome create(const std::string& path);  ///< empty, or emptied when it is there
    FileOutcome write(const std::string& path, std::string_view content);
    FileOutcome sync_file(const std::string& path);
    FileOutcome sync_folders();
    FileOutcome rename(const std::string& from, const std::string& to);
    FileOutcome touch(const std::string& path, std::int64_t wall_now);
    FileOutcome list(const std::string& path, FileList& list);
    FileOutcome remove(const std::string& path);
    FileOutcome make_folder(const std::string& path);
    /// Locks for `process`; `id` names the lock from then on, and `node` what is locked.
    FileOutcome lock(const std::string& path, const ProcessState& process, LockSharing sharing,
                     std::uint64_t& id, NodeRef& node);
    FileOutcome look_at_lock(const std::string& path, const ProcessState& process);
    FileOutcome check(const std::string& path, const Node& node, std::uint64_t id);
    static void unlock(Node& node, std::uint64_t id);

    void drop_locks(const ProcessState& process);
    void lose_power();
    void go_on();  ///< wakes what waits because the disk did not answer

    /// Without ".", "..", empty parts and links, as an absolute path.
    std::string normalised(std::string_view path) const;
    NodeRef find(const std::string& path) const;

    HostState* const owner;
    Stream random;
    DiskOptions options;
    std::map<std::string, std::string> links;
    std::string denied;
    NodeRef root = std::make_shared<Node>();
    std::uint64_t next_lock = 1;
    std::uint64_t hangs = 0;  ///< nothing happens while it is not 0
    std::vector<detail::Fiber*> kept_waiting;

private:
    /// One change of a folder that a power loss may undo; those of one rename are one.
    struct Change {
        struct Entry {
            NodeRef folder;
            std::string name;
            NodeRef node;  ///< null: the name is gone
        };
        std::vector<Entry> entries;
    };

    bool conflict(const LockHolder& holder, const LockHolder& wanted) const;
    FileOutcome enter(const std::string& path, NodeRef& folder, std::string& name) const;
    FileOutcome refuse(FileStatus status, const std::string& path) const;
    bool is_denied(const std::string& path) const;
    void change(Change change);
    static void apply(const Change& change);
    std::uint64_t bytes_used() const;

    std::vector<Change> journal_;
    std::vector<NodeRef> locked_;  ///< every node that was ever locked and may be still
};

}  // namespace conclave::sim
