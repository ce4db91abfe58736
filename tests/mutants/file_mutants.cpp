// Wrong file drivers: the right one on a door that does one thing wrong.

#include <map>

#include "mutants.hpp"
#include "right_driver.hpp"

namespace conclave::mutants {

namespace {

enum class Wrong {
    counter_remembered,
    written_in_place,
    lock_ignored,
    beat_forgotten,
    long_holds_broken,
};

/// A hold of nothing.
class NoLock final : public FileLock {
public:
    FileOutcome check(Deadline) override { return {}; }
    FileOutcome release(Deadline) override { return {}; }
};

class WrongFiles final : public Files {
public:
    WrongFiles(const Clock& clock, Files& right, Wrong wrong)
        : clock_(clock), right_(right), wrong_(wrong) {}

    FileRead read(const std::string& path, Deadline deadline) override {
        const auto known = counters_.find(path);
        if (known != counters_.end()) return known->second;
        FileRead read = right_.read(path, deadline);
        if (is_counter(path) && read.outcome.ok()) counters_[path] = read;
        return read;
    }
    FileOutcome replace(const std::string& path, const std::string& temporary,
                        std::string_view content, Deadline deadline) override {
        if (is_counter(path)) counters_[path].content = content;
        const bool in_place = wrong_ == Wrong::written_in_place;
        return right_.replace(path, in_place ? path : temporary, content, deadline);
    }
    FileOutcome touch(const std::string& path, Deadline deadline) override {
        if (wrong_ == Wrong::beat_forgotten) return {};
        return right_.touch(path, deadline);
    }
    FileList list(const std::string& folder, Deadline deadline) override {
        return right_.list(folder, deadline);
    }
    FileOutcome remove(const std::string& path, Deadline deadline) override {
        return right_.remove(path, deadline);
    }
    FileOutcome make_folders(const std::string& path, Deadline deadline) override {
        return right_.make_folders(path, deadline);
    }
    FileLocked try_lock(const std::string& path, LockSharing sharing,
                        Deadline deadline) override {
        FileLocked locked = right_.try_lock(path, sharing, deadline);
        if (locked.outcome.status != FileStatus::locked) {
            met_.erase(path);
            return locked;
        }
        const bool ignored = wrong_ == Wrong::lock_ignored ||
                             (wrong_ == Wrong::long_holds_broken && is_old(path));
        if (ignored) return {{}, std::make_unique<NoLock>()};
        return locked;
    }
    FileOutcome look_at_lock(const std::string& path, Deadline deadline) override {
        return right_.look_at_lock(path, deadline);
    }

private:
    bool is_counter(const std::string& path) const {
        return wrong_ == Wrong::counter_remembered &&
               path.find("/.conclave/fences/") != std::string::npos;
    }

    /// Whether the hold that is met now was met 10 s ago.
    bool is_old(const std::string& path) {
        const TimePoint first = met_.try_emplace(path, clock_.now()).first->second;
        return clock_.now() - first >= std::chrono::seconds(10);
    }

    const Clock& clock_;
    Files& right_;
    const Wrong wrong_;
    std::map<std::string, TimePoint> met_;  ///< holds of others, by path, since when
    std::map<std::string, FileRead> counters_;
};

class WrongFileDriver final : public Driver {
public:
    WrongFileDriver(Runtime& runtime, const Url& url, const std::string& member_id,
                    const Options& options, Wrong wrong)
        : files_(runtime.clock, runtime.files, wrong),
          runtime_{runtime.clock,  runtime.wall_clock, runtime.scheduler, runtime.network,
                   runtime.random, runtime.observer,   files_},
          right_(right_driver(runtime_, url, member_id, options)) {}

    void start(Deadline deadline) override { right_->start(deadline); }
    void stop(Deadline deadline) override { right_->stop(deadline); }
    Beat heartbeat(Deadline deadline) override { return right_->heartbeat(deadline); }
    Claims claims() const override { return right_->claims(); }
    Locks* locks() noexcept override { return right_->locks(); }
    Locks* shared_locks() noexcept override { return right_->shared_locks(); }
    Groups* groups() noexcept override { return right_->groups(); }
    Elections* elections() noexcept override { return right_->elections(); }

private:
    WrongFiles files_;
    Runtime runtime_;
    std::unique_ptr<Driver> right_;
};

DriverRegistry wrong_file(Wrong wrong) {
    return registry_with("file", [wrong](Runtime& runtime, const Url& url,
                                         const std::string& member_id, const Options& options) {
        return std::make_unique<WrongFileDriver>(runtime, url, member_id, options, wrong);
    });
}

}  // namespace

std::vector<Mutant> file_mutants() {
    return {
        {"file_counter_remembered", "the counter is taken from memory, not read under the lock",
         "file/lock_crash", "fencing", 5, wrong_file(Wrong::counter_remembered)},
        {"file_written_in_place", "files are written where they stand, so a crash can tear them",
         "file/lock_power_loss", "progress", 200, wrong_file(Wrong::written_in_place)},
        {"file_lock_ignored", "a lock that another process holds is taken all the same",
         "file/matrix/lock_processes", "distributed_across_processes exclusion serializable", 10,
         wrong_file(Wrong::lock_ignored)},
        {"file_beat_forgotten", "a beat does not date the member's file", "file/group_pause",
         "membership_accuracy", 5, wrong_file(Wrong::beat_forgotten), "beats not sent"},
        {"file_long_holds_broken", "a lock that was held for ten seconds is taken for abandoned",
         "file/matrix/lock_stands_still", "non_timeout_based", 5,
         wrong_file(Wrong::long_holds_broken)},
    };
}

}  // namespace conclave::mutants
