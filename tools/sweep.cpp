#include "sweep.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace conclave::tool {

namespace {

using nlohmann::json;

SeedResult run(const scenarios::Plan& plan, const RunArguments& arguments) {
    const scenarios::RunResult run = scenarios::run_plan(plan);
    SeedResult result;
    result.seed = plan.seed;
    result.trace_hash = run.trace_hash;
    result.operations = run.operations;
    result.faults = run.faults;
    result.unknown = run.unknown;
    result.simulated_ns = run.simulated_ns;
    for (const scenarios::Judgement& judgement : run.judgements)
        result.judged.push_back({judgement.verdict.property, judgement.verdict.outcome,
                                 judgement.claimed});
    if (arguments.check_every == 0 || plan.seed % arguments.check_every != 0) return result;
    if (scenarios::run_plan(plan).trace_hash == run.trace_hash) return result;
    const auto divergence = sim::check_determinism(
        [&] { return scenarios::run_plan(plan, {.keep_trace = true}).trace; });
    std::ostringstream text;
    if (divergence) text << *divergence;
    result.divergence = divergence ? text.str() : "two runs differ, but not with a kept trace";
    return result;
}

std::string to_line(const SeedResult& result) {
    json judged = json::array();
    for (const SeedResult::Judged& each : result.judged)
        judged.push_back({each.property, static_cast<int>(each.outcome), each.claimed});
    return json{{"seed", result.seed},           {"hash", result.trace_hash},
                {"operations", result.operations}, {"faults", result.faults},
                {"unknown", result.unknown},     {"simulated", result.simulated_ns},
                {"judged", judged},              {"divergence", result.divergence}}
               .dump() +
           "\n";
}

SeedResult from_line(const std::string& line) {
    const json read = json::parse(line);
    SeedResult result;
    result.seed = read.at("seed");
    result.trace_hash = read.at("hash");
    result.operations = read.at("operations");
    result.faults = read.at("faults");
    result.unknown = read.at("unknown");
    result.simulated_ns = read.at("simulated");
    result.divergence = read.at("divergence");
    for (const json& each : read.at("judged"))
        result.judged.push_back({each.at(0), static_cast<properties::Outcome>(each.at(1).get<int>()),
                                 each.at(2)});
    return result;
}

/// A Plan where the last step before its run needs it: thousands of them would not be small.
struct Job {
    std::uint64_t seed = 0;
    std::function<scenarios::Plan()> plan;
};
using Jobs = std::vector<Job>;

/// A child process that runs every `jobs`-th job and writes a line for each.
class Worker {
public:
    Worker(const RunArguments& arguments, Jobs jobs)
        : arguments_(arguments), jobs_(std::move(jobs)) {
        start();
    }
    ~Worker() { stop(); }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// The result of the next job; a worker that died is replaced and goes on behind it.
    SeedResult next() {
        std::string line;
        const std::uint64_t seed = jobs_[done_++].seed;
        if (read_line(line)) return from_line(line);
        SeedResult result;
        result.seed = seed;
        result.crash = describe_end();
        start();
        return result;
    }

private:
    void start() {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0)
            throw std::runtime_error(std::string("pipe: ") + std::strerror(errno));
        child_ = ::fork();
        if (child_ < 0) throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
        if (child_ == 0) {
            ::close(ends[0]);
            serve(ends[1]);
        }
        ::close(ends[1]);
        in_ = ends[0];
        buffer_.clear();
    }

    [[noreturn]] void serve(int out) {
        try {
            for (std::size_t i = done_; i < jobs_.size(); ++i)
                write(out, to_line(run(jobs_[i].plan(), arguments_)));
        } catch (const std::exception& error) {
            // Not further up: there stands the parent's code, with the parent's unwritten output.
            std::fprintf(stderr, "worker: %s\n", error.what());
            ::_exit(Exit::internal);
        }
        ::_exit(0);
    }

    static void write(int out, const std::string& line) {
        for (std::size_t sent = 0; sent < line.size();) {
            const ssize_t wrote = ::write(out, line.data() + sent, line.size() - sent);
            if (wrote <= 0) ::_exit(0);
            sent += static_cast<std::size_t>(wrote);
        }
    }

    bool read_line(std::string& line) {
        for (;;) {
            const std::size_t end = buffer_.find('\n');
            if (end != std::string::npos) {
                line = buffer_.substr(0, end);
                buffer_.erase(0, end + 1);
                return true;
            }
            std::array<char, 4096> chunk;
            const ssize_t got = ::read(in_, chunk.data(), chunk.size());
            if (got <= 0) return false;
            buffer_.append(chunk.data(), static_cast<std::size_t>(got));
        }
    }

    std::string describe_end() {
        int status = 0;
        ::close(in_);
        in_ = -1;
        ::waitpid(child_, &status, 0);
        child_ = -1;
        if (WIFSIGNALED(status)) return std::string("signal ") + ::strsignal(WTERMSIG(status));
        return "exit code " + std::to_string(WEXITSTATUS(status));
    }

    // Killed, not only hung up on: workers that were forked later hold its pipe's read end too, so it
    // would wait for ever with a full pipe.
    void stop() noexcept {
        if (in_ >= 0) ::close(in_);
        if (child_ <= 0) return;
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
    }

    const RunArguments& arguments_;
    Jobs jobs_;
    std::size_t done_ = 0;
    pid_t child_ = -1;
    int in_ = -1;
    std::string buffer_;
};

void run_jobs(const Jobs& jobs, const RunArguments& arguments,
              const std::function<bool(const SeedResult&)>& done) {
    const std::size_t workers_max = std::max<std::size_t>(1, arguments.jobs);
    const std::size_t count = std::min(workers_max, jobs.size());
    std::vector<std::unique_ptr<Worker>> workers;
    for (std::size_t first = 0; first < count; ++first) {
        Jobs share;
        for (std::size_t i = first; i < jobs.size(); i += count) share.push_back(jobs[i]);
        workers.push_back(std::make_unique<Worker>(arguments, std::move(share)));
    }
    for (std::size_t i = 0; i < jobs.size(); ++i)
        if (!done(workers[i % count]->next())) return;
}

}  // namespace

bool in_shard(const RunArguments& arguments, std::uint64_t seed) {
    return seed % arguments.shard_count == arguments.shard_index % arguments.shard_count;
}

void sweep(const Unit& unit, const RunArguments& arguments,
           const std::function<bool(const SeedResult&)>& done) {
    Jobs jobs;
    for (std::uint64_t seed = arguments.first_seed;; ++seed) {
        if (in_shard(arguments, seed))
            jobs.push_back(
                {seed, [&, seed] { return draw_plan(unit.scenario, unit.driver, seed); }});
        if (seed == arguments.last_seed) break;
    }
    run_jobs(jobs, arguments, done);
}

void sweep_plans(const std::vector<scenarios::Plan>& plans, const RunArguments& arguments,
                 const std::function<bool(const SeedResult&)>& done) {
    Jobs jobs;
    for (const scenarios::Plan& plan : plans) jobs.push_back({plan.seed, [&plan] { return plan; }});
    run_jobs(jobs, arguments, done);
}

}  // namespace conclave::tool
