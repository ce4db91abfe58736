// Disks under faults: what crashes, power losses and clock steps leave of files and locks.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <sstream>

#include "conclave/sim/world.hpp"
#include "conclave/sync.hpp"

namespace conclave::sim {
namespace {

using namespace std::chrono_literals;

Deadline soon(Process& process) { return process.runtime().after(1min); }

FileOutcome write(Process& process, const std::string& path, const std::string& content) {
    return process.runtime().files.replace(path, "/temporary", content, soon(process));
}

/// What a process finds in a file; its status in words when it finds nothing.
std::string look(Process& process, const std::string& path) {
    const FileRead read = process.runtime().files.read(path, soon(process));
    return read.outcome.ok() ? read.content : std::string(to_string(read.outcome.status));
}

FileLocked lock(Process& process, const std::string& path,
                LockSharing sharing = LockSharing::exclusive) {
    return process.runtime().files.try_lock(path, sharing, soon(process));
}

struct Machine {
    explicit Machine(std::uint64_t seed = 1) : world({.seed = seed}) {}

    /// A process that runs `body` in its first incarnation only.
    Process& start(const std::string& name, std::function<void(Process&)> body, Host& on) {
        return world.add_process(on, name, [body = std::move(body)](Process& process) {
            if (process.incarnation() == 1) body(process);
        });
    }
    Process& start(const std::string& name, std::function<void(Process&)> body) {
        return start(name, std::move(body), host);
    }
    void run_for(Duration length) { world.run_until(world.now() + length); }

    World world;
    Host& host = world.add_host("host");
};

TEST(Disk, WhatWasReplacedSurvivesAPowerLoss) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Machine machine(seed);
        machine.start("writer", [](Process& process) { write(process, "/file", "content"); });
        machine.run_for(1s);
        machine.host.power_loss();
        EXPECT_EQ(machine.host.disk().content("/file"), "content");
    }
}

/// The contents that `path` can have when everything ends at the `call`-th call of a process that
/// replaces "old" by "newer" there.
std::string content_after(std::uint64_t seed, std::uint64_t call, bool power, bool in_place) {
    Machine machine(seed);
    Process& writer = machine.start("writer", [in_place](Process& process) {
        const std::string temporary = in_place ? "/file" : "/temporary";
        process.runtime().files.replace("/file", temporary, "newer", soon(process));
    });
    machine.host.disk().put("/file", "old", {});
    writer.at_call(call, CallPoint::after, [&] {
        if (power)
            machine.host.power_loss();
        else
            writer.crash();
    });
    machine.run_for(1s);
    return machine.host.disk().content("/file");
}

std::set<std::string> contents_after(bool power, bool in_place) {
    std::set<std::string> contents;
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
        for (std::uint64_t call = 1; call <= 12; ++call)
            contents.insert(content_after(seed, call, power, in_place));
    return contents;
}

TEST(Disk, AReplacementIsWholeWheneverTheProcessOrThePowerEnds) {
    EXPECT_EQ(contents_after(false, false), (std::set<std::string>{"old", "newer"}));
    EXPECT_EQ(contents_after(true, false), (std::set<std::string>{"old", "newer"}));
}

TEST(Disk, AFileThatIsWrittenInPlaceCanBeTorn) {
    EXPECT_THAT(contents_after(false, true), testing::Contains(""));
    EXPECT_THAT(contents_after(true, true), testing::Contains(testing::AnyOf("n", "ne", "new", "newe")));
}

TEST(Disk, LocksEndWithTheirProcess) {
    Machine machine;
    const auto hold = [](Process& process) {
        const FileLocked locked = lock(process, "/lock");
        EXPECT_TRUE(locked.lock);
        sleep_for(process.runtime(), 1h);
    };
    Process& holder = machine.start("holder", hold);
    machine.run_for(1s);
    std::vector<FileStatus> attempts;
    machine.start("other", [&](Process& process) {
        attempts.push_back(lock(process, "/lock").outcome.status);
        holder.pause();
        attempts.push_back(lock(process, "/lock").outcome.status);
        holder.crash();
        sleep_for(process.runtime(), 1ms);
        attempts.push_back(lock(process, "/lock").outcome.status);
    });
    machine.run_for(1s);
    EXPECT_THAT(attempts, testing::ElementsAre(FileStatus::locked, FileStatus::locked,
                                               FileStatus::ok));
}

TEST(Disk, SharedLocksEndWithTheirProcessesOneByOne) {
    Machine machine;
    const auto hold = [](Process& process) {
        const FileLocked locked = lock(process, "/lock", LockSharing::shared);
        EXPECT_TRUE(locked.lock);
        sleep_for(process.runtime(), 1h);
    };
    Process& first = machine.start("first", hold);
    Process& second = machine.start("second", hold);
    machine.run_for(1s);
    std::vector<FileStatus> attempts;
    machine.start("other", [&](Process& process) {
        attempts.push_back(lock(process, "/lock").outcome.status);
        first.crash();
        sleep_for(process.runtime(), 1ms);
        attempts.push_back(lock(process, "/lock").outcome.status);
        second.crash();
        sleep_for(process.runtime(), 1ms);
        attempts.push_back(lock(process, "/lock").outcome.status);
    });
    machine.run_for(1s);
    EXPECT_THAT(attempts, testing::ElementsAre(FileStatus::locked, FileStatus::locked,
                                               FileStatus::ok));
}

TEST(Disk, LocksOfAShareMayNotReachOtherHosts) {
    for (const bool working : {true, false}) {
        Machine machine;
        Host& other = machine.world.add_host("other");
        Disk& share = machine.world.add_share({.locks_across_hosts = working});
        machine.host.mount("/mnt", share);
        other.mount("/mnt/deeper", share);
        const auto hold = [](const std::string& path, FileStatus& status) {
            return [&status, path](Process& process) {
                const FileLocked locked = lock(process, path);
                status = locked.outcome.status;
                sleep_for(process.runtime(), 1h);
            };
        };
        FileStatus first{}, twin{}, remote{};
        machine.start("first", hold("/mnt/lock", first));
        machine.run_for(1s);
        machine.start("twin", hold("/mnt/lock", twin));
        machine.start("remote", hold("/mnt/deeper/lock", remote), other);
        machine.run_for(1s);
        EXPECT_EQ(first, FileStatus::ok);
        EXPECT_EQ(twin, FileStatus::locked);
        EXPECT_EQ(remote, working ? FileStatus::locked : FileStatus::ok);
    }
}

TEST(Disk, DatesByTheWallClockOfItsKeeper) {
    Machine machine;
    Disk& share = machine.world.add_share({.wall_offset = 5min});
    machine.host.mount("/mnt", share);
    std::vector<long long> ages;
    machine.start("process", [&](Process& process) {
        Runtime& runtime = process.runtime();
        const auto age = [&](const std::string& path) {
            const FileRead read = runtime.files.read(path, soon(process));
            const auto since = runtime.wall_clock.now().nanoseconds - read.modified.nanoseconds;
            ages.push_back(std::llround(static_cast<double>(since) / 1e9));
        };
        write(process, "/file", "x");
        age("/file");
        machine.host.step_wall_clock(10min);
        age("/file");
        machine.host.step_wall_clock(-20min);
        age("/file");
        runtime.files.replace("/mnt/file", "/mnt/temporary", "x", soon(process));
        age("/mnt/file");
    });
    machine.run_for(1s);
    EXPECT_THAT(ages, testing::ElementsAre(0, 600, -600, -900));
}

TEST(Disk, ThatIsFullKeepsWhatItHas) {
    Machine machine;
    machine.host.disk().set_capacity(10);
    FileOutcome second;
    std::string found;
    machine.start("process", [&](Process& process) {
        write(process, "/file", "12345");
        second = write(process, "/file", "123456");
        found = look(process, "/file");
        EXPECT_EQ(look(process, "/temporary"), "not found");
    });
    machine.run_for(1s);
    EXPECT_EQ(second.status, FileStatus::no_space);
    EXPECT_EQ(second.effect, Effect::none);
    EXPECT_EQ(found, "12345");
}

TEST(Disk, NobodyPassesAFolderThatIsDenied) {
    Machine machine;
    machine.host.disk().put("/folder/file", "content", {});
    machine.host.disk().deny("/folder");
    machine.start("process", [&](Process& process) {
        Files& files = process.runtime().files;
        EXPECT_EQ(look(process, "/folder/file"), "permission denied");
        EXPECT_EQ(files.list("/folder", soon(process)).outcome.status, FileStatus::denied);
        EXPECT_EQ(lock(process, "/folder/file").outcome.status, FileStatus::denied);
        EXPECT_EQ(files.remove("/folder/file", soon(process)).status, FileStatus::denied);
    });
    machine.run_for(1s);
}

/// A folder on which every step takes a second.
Disk& mount_slow(Machine& machine) {
    Disk& slow = machine.world.add_share(
        {.call_min = 1s, .call_max = 1s, .sync_min = 1s, .sync_max = 1s});
    machine.host.mount("/slow", slow);
    return slow;
}

FileOutcome write_briefly(Process& process, const std::string& content) {
    return process.runtime().files.replace("/slow/file", "/slow/temporary", content,
                                           process.runtime().after(500ms));
}

TEST(SlowDisk, WhoStopsWaitingLeavesTheOperation) {
    Machine machine;
    Disk& slow = mount_slow(machine);
    FileOutcome written, read;
    machine.start("process", [&](Process& process) {
        written = write_briefly(process, "content");
        EXPECT_EQ(machine.world.now(), at_time(500ms));
        read = process.runtime().files.read("/slow/file", process.runtime().after(500ms)).outcome;
    });
    machine.run_for(1s);
    EXPECT_EQ(written.status, FileStatus::timed_out);
    EXPECT_EQ(written.effect, Effect::unknown);
    EXPECT_EQ(read.status, FileStatus::timed_out);
    EXPECT_EQ(read.effect, Effect::none);
    EXPECT_EQ(slow.content("/file"), "");
    machine.run_for(1min);
    EXPECT_EQ(slow.content("/file"), "content");
}

TEST(SlowDisk, ACancelledCallerLeavesTheOperationToo) {
    Machine machine;
    Disk& slow = mount_slow(machine);
    FileOutcome written;
    machine.start("process", [&](Process& process) {
        TaskGroup group(process.runtime().scheduler);
        group.spawn([&] {
            written = process.runtime().files.replace("/slow/file", "/slow/temporary", "content",
                                                      soon(process));
        });
        sleep_for(process.runtime(), 1500ms);
        group.cancel();
        group.join();
        EXPECT_EQ(machine.world.now(), at_time(1500ms));
    });
    machine.run_for(1min);
    EXPECT_EQ(written.status, FileStatus::cancelled);
    EXPECT_EQ(written.effect, Effect::unknown);
    EXPECT_EQ(slow.content("/file"), "content");
}

TEST(SlowDisk, OperationsOfAProcessHappenInTheOrderOfTheCalls) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Machine machine(seed);
        std::string found;
        machine.start("process", [&](Process& process) {
            for (const char* const given_up : {"first", "second"})
                EXPECT_EQ(process.runtime()
                              .files
                              .replace("/file", "/temporary", given_up,
                                       process.runtime().after(10us))
                              .status,
                          FileStatus::timed_out);
            write(process, "/file", "third");
            found = look(process, "/file");
        });
        machine.run_for(1s);
        EXPECT_EQ(found, "third");
        EXPECT_EQ(machine.host.disk().content("/file"), "third");
    }
}

TEST(SlowDisk, ALockWhoseTakerStoppedWaitingIsFree) {
    Machine machine;
    mount_slow(machine);
    FileStatus first{}, second{};
    machine.start("first", [&](Process& process) {
        first = process.runtime()
                    .files
                    .try_lock("/slow/lock", LockSharing::exclusive, process.runtime().after(500ms))
                    .outcome.status;
        sleep_for(process.runtime(), 1h);
    });
    machine.run_for(10s);
    machine.start("second",
                  [&](Process& process) { second = lock(process, "/slow/lock").outcome.status; });
    machine.run_for(10s);
    EXPECT_EQ(first, FileStatus::timed_out);
    EXPECT_EQ(second, FileStatus::ok);
}

TEST(SlowDisk, ALockThatIsDroppedEndsAfterWhatReliesOnIt) {
    Machine machine;
    Disk& slow = mount_slow(machine);
    std::string found;
    machine.start("writer", [&](Process& process) {
        {
            const FileLocked held = lock(process, "/slow/lock");
            write_briefly(process, "content");
        }
        sleep_for(process.runtime(), 1h);
    });
    machine.start("next", [&](Process& process) {
        sleep_for(process.runtime(), 2100ms);  // the other one has it by then
        while (!lock(process, "/slow/lock").outcome.ok()) {
        }
        found = slow.content("/file");
    });
    machine.run_for(1min);
    EXPECT_EQ(found, "content");
}

TEST(Disk, ThatHangsDoesInOrderWhatIsAskedOnceItAnswers) {
    Machine machine;
    Disk& disk = machine.host.disk();
    const auto replace = [](Process& process, const char* content) {
        const Deadline deadline = process.runtime().after(1s);
        return process.runtime().files.replace("/file", "/temporary", content, deadline);
    };
    machine.start("process", [&](Process& process) {
        for (const char* const content : {"under way", "begun"}) {
            const FileOutcome outcome = replace(process, content);
            EXPECT_EQ(outcome.status, FileStatus::timed_out);
            EXPECT_EQ(outcome.effect, Effect::unknown);
        }
        sleep_for(process.runtime(), 5s);
        EXPECT_TRUE(replace(process, "after it").ok());
    });
    Process& killed = machine.start("killed", [&](Process& self) { write(self, "/killed", "never"); });
    machine.world.at(at_time(100us), [&] { disk.hang(), disk.hang(); });  // two faults overlap
    machine.world.at(at_time(2s), [&] { killed.crash(), disk.answer(); });
    machine.run_for(4s);
    EXPECT_EQ(disk.content("/file"), "");
    disk.answer(), machine.run_for(1s);
    EXPECT_EQ(disk.content("/file"), "begun");
    machine.run_for(10s);
    EXPECT_EQ(disk.content("/file"), "after it");
    EXPECT_EQ(disk.content("/killed"), "") << "it died with what it had not done";
}

TEST(Disk, FileStepsAreInTheTraceByName) {
    World world({.seed = 3, .keep_trace = true});
    world.add_process(world.add_host("host"), "process",
                      [](Process& process) { write(process, "/file", "x"); });
    world.run_until(at_time(1s));
    std::ostringstream text;
    world.trace().print(text);
    EXPECT_THAT(text.str(), testing::HasSubstr("process process: ok: rename to /file"));
}

TEST(Disk, EqualSeedsGiveEqualRuns) {
    const auto run = [] {
        Machine machine(9);
        for (int i = 0; i < 3; ++i)
            machine.start("process-" + std::to_string(i), [i](Process& process) {
                for (int round = 0; round < 20; ++round) {
                    const FileLocked held = lock(process, "/lock");
                    write(process, "/file", std::to_string(i * round));
                }
            });
        machine.world.at(at_time(20ms), [&] { machine.host.power_loss(); });
        machine.run_for(1s);
        return machine.world.trace_hash();
    };
    EXPECT_EQ(run(), run());
}

}  // namespace
}  // namespace conclave::sim
