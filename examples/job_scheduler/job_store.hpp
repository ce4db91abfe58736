#pragma once

// Where jobs are run and what has run is kept: a small service on the network, and its client. One line
// is one request: "done EPOCH" -> the numbers of the jobs that have run; "run JOB EPOCH" -> "ok", or
// "stale" when a later leader was here already.

#include <conclave/environment.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace jobs {

struct JobRun {
    int job = 0;
    std::uint64_t epoch = 0;
    std::string by;
};

/// What the service keeps: it outlives a crash of its process.
struct JobLog {
    std::vector<JobRun> runs;
    std::uint64_t newest_epoch = 0;
};

/// Serves `log` until the calling fiber's group is cancelled.
void serve_jobs(conclave::Runtime& runtime, const conclave::Endpoint& endpoint, JobLog& log);

class JobStore {
public:
    JobStore(conclave::Runtime& runtime, conclave::Endpoint endpoint, std::string name)
        : runtime_(runtime), endpoint_(std::move(endpoint)), name_(std::move(name)) {}

    /// What has run. The store remembers `epoch`: from now on an older leader is refused. Nothing when
    /// it does not answer within a second. Epoch 0 is for who has none.
    std::optional<std::set<int>> done(std::uint64_t epoch);
    /// Runs a job. False when it was refused or when nobody knows.
    bool run(int job, std::uint64_t epoch);

private:
    std::optional<std::string> ask(const std::string& line);

    conclave::Runtime& runtime_;
    conclave::Endpoint endpoint_;
    std::string name_;
    std::unique_ptr<conclave::Connection> connection_;
};

}  // namespace jobs
