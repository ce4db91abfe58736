#pragma once

// A simulated file system: the disk of one host, or a share that several hosts mount.
//
// Modelled: files, folders and links to folders; what was written but not synced is lost with the
// power, the last write perhaps torn, and changes of folders survive in their order or not at all
// (a journal); locks on whole files that end with their process; times of modification by the wall
// clock of whoever keeps the disk; a full disk; a disk that does not answer for a time; folders that
// nobody may enter; a share whose locks do not reach other hosts; operations take time, and a process
// can die between two of their steps.
// Not modelled: permissions of users, hard links, partial reads, a share that only some hosts cannot
// reach or that loses its power apart from lose_power(), locks that a server forgets, caches of
// clients, a process that cannot die because it waits for a disk that hangs, caches that answer for it.

#include <cstdint>
#include <memory>
#include <string>

#include "conclave/time.hpp"

namespace conclave::sim {

struct DiskState;

struct DiskOptions {
    /// False as on a network file system whose lock service does not work: every host grants its
    /// own processes what another host has locked.
    bool locks_across_hosts = true;
    std::uint64_t capacity_bytes = UINT64_MAX;
    Duration wall_offset{0};  ///< how far a share's clock is ahead of the world's
    Duration call_min = std::chrono::microseconds(20);   ///< what an operation takes
    Duration call_max = std::chrono::microseconds(200);
    Duration sync_min = std::chrono::microseconds(300);  ///< what a sync takes
    Duration sync_max = std::chrono::milliseconds(3);
};

/// Lives as long as its world. Called by the world's faults and tests, never by a process's code.
class Disk {
public:
    explicit Disk(std::unique_ptr<DiskState> state);
    ~Disk();
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;

    /// For tests and set-up: the file as it is now, empty when there is none; and a file made, with
    /// the folders on its way, synced, and dated by `modified` of the wall clock.
    std::string content(const std::string& path) const;
    void put(const std::string& path, std::string content, WallTime modified);

    /// What is not synced is lost, in part or whole as the seed decides; locks end. The disk of a
    /// host loses power with it.
    void lose_power();
    void set_capacity(std::uint64_t bytes);
    /// From now on no step of an operation happens: each waits, and with it what its process asks for
    /// behind it. They happen once answer() was called as often as hang(), or answer_all() once. A
    /// lock that ends with its process, or is dropped while nothing waits, ends all the same.
    void hang();
    void answer();
    void answer_all();
    /// From now on nobody may do anything at or below `path`; an empty path lifts that.
    void deny(const std::string& path);
    /// Makes `path` another name of `folder`.
    void link(const std::string& path, const std::string& folder);

    DiskState& state() noexcept { return *state_; }

private:
    std::unique_ptr<DiskState> state_;
};

}  // namespace conclave::sim
