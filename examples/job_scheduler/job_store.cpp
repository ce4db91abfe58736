#include "job_store.hpp"

#include <algorithm>
#include <array>
#include <conclave/sync.hpp>
#include <sstream>

namespace jobs {

using conclave::Connection;
using conclave::Deadline;
using conclave::IoResult;
using conclave::Runtime;

namespace {

constexpr std::size_t line_max = 4096;

/// The next line without its end; nothing when the connection ended or the line is too long.
std::optional<std::string> read_line(Connection& connection, Deadline deadline) {
    std::string line;
    std::array<char, 1> byte;  // a simple example reads byte by byte
    while (line.size() < line_max) {
        if (!connection.read_some(byte, deadline).ok()) return std::nullopt;
        if (byte[0] == '\n') return line;
        line += byte[0];
    }
    return std::nullopt;
}

std::string answer(const std::string& request, JobLog& log) {
    std::istringstream words(request);
    std::string what, by;
    int job = 0;
    std::uint64_t epoch = 0;
    words >> what;
    if (what == "run") words >> job;
    words >> epoch >> by;
    if (!words || (what != "run" && what != "done")) return "error expected run or done";
    if (epoch != 0 && epoch < log.newest_epoch) return "stale";
    log.newest_epoch = std::max(log.newest_epoch, epoch);
    if (what == "run") {
        log.runs.push_back({job, epoch, by});
        return "ok";
    }
    std::string list = "done";
    for (const JobRun& run : log.runs) list += " " + std::to_string(run.job);
    return list;
}

}  // namespace

void serve_jobs(Runtime& runtime, const conclave::Endpoint& endpoint, JobLog& log) {
    conclave::Listening listening = runtime.network.listen(endpoint);
    conclave::TaskGroup connections(runtime.scheduler);
    for (;;) {
        conclave::Connected accepted = listening.listener->accept(Deadline::never());
        if (!accepted.connection) return;
        connections.spawn([&log, connection = std::shared_ptr<Connection>(
                                     std::move(accepted.connection))] {
            while (const auto line = read_line(*connection, Deadline::never()))
                if (!connection->write_all(answer(*line, log) + "\n", Deadline::never()).ok())
                    return;
        });
    }
}

std::optional<std::string> JobStore::ask(const std::string& line) {
    const Deadline deadline = runtime_.after(std::chrono::seconds(1));
    if (!connection_) connection_ = runtime_.network.connect(endpoint_, deadline).connection;
    if (!connection_) return std::nullopt;
    std::optional<std::string> reply;
    if (connection_->write_all(line + " " + name_ + "\n", deadline).ok())
        reply = read_line(*connection_, deadline);
    if (!reply) connection_.reset();  // a late answer must not be taken for the next one's
    return reply;
}

std::optional<std::set<int>> JobStore::done(std::uint64_t epoch) {
    const std::optional<std::string> reply = ask("done " + std::to_string(epoch));
    if (!reply || !reply->starts_with("done")) return std::nullopt;
    std::istringstream words(reply->substr(4));
    std::set<int> jobs;
    for (int job = 0; words >> job;) jobs.insert(job);
    return jobs;
}

bool JobStore::run(int job, std::uint64_t epoch) {
    return ask("run " + std::to_string(job) + " " + std::to_string(epoch)) == "ok";
}

}  // namespace jobs
