#pragma once

// A Runtime over ManualScheduler: its clock, a counting source of randomness, and no network.

#include <cstdint>
#include <string>
#include <vector>

#include "conclave/environment.hpp"
#include "manual_scheduler.hpp"

namespace conclave::testing {

class NoNetwork final : public Network {
public:
    Connected connect(const Endpoint&, Deadline) override {
        return {IoStatus::unreachable, nullptr, "no network in this test"};
    }
    Listening listen(const Endpoint&) override {
        return {IoStatus::unreachable, nullptr, "no network in this test"};
    }
    Resolved resolve(const std::string&, Deadline) override { return {IoStatus::unreachable, {}}; }
};

class NoFiles final : public Files {
public:
    FileRead read(const std::string& path, Deadline) override { return {none(path), {}, {}}; }
    FileOutcome replace(const std::string& path, const std::string&, std::string_view,
                        Deadline) override {
        return none(path);
    }
    FileOutcome touch(const std::string& path, Deadline) override { return none(path); }
    FileList list(const std::string& folder, Deadline) override { return {none(folder), {}}; }
    FileOutcome remove(const std::string& path, Deadline) override { return none(path); }
    FileOutcome make_folders(const std::string& path, Deadline) override { return none(path); }
    FileLocked try_lock(const std::string& path, LockSharing, Deadline) override {
        return {none(path), nullptr};
    }
    FileOutcome look_at_lock(const std::string& path, Deadline) override { return none(path); }

private:
    static FileOutcome none(const std::string& path) {
        return {FileStatus::failed, Effect::none, path + ": no files in this test"};
    }
};

class NoWallClock final : public WallClock {
public:
    WallTime now() const noexcept override { return {}; }
};

/// The golden-ratio sequence: equidistributed, and the same in every run.
class CountingRandom final : public Random {
public:
    std::uint64_t next() noexcept override { return state_ += 0x9e3779b97f4a7c15; }

private:
    std::uint64_t state_ = 0;
};

class EventNames final : public Observer {
public:
    void event(const Event& event) noexcept override { names.emplace_back(event.name); }
    std::vector<std::string> names;
};

struct TestEnvironment {
    explicit TestEnvironment(ManualScheduler& scheduler)
        : runtime{scheduler, wall_clock, scheduler, network, random, events, files} {}

    NoWallClock wall_clock;
    NoNetwork network;
    CountingRandom random;
    EventNames events;
    NoFiles files;
    Runtime runtime;
};

}  // namespace conclave::testing
