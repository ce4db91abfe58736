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
    result.coverage = run.coverage;
    for (const scenarios::Judgement& judgement : run.judgements) {
        const properties::Verdict& verdict = judgement.verdict;
        const bool undecided = verdict.outcome == properties::Outcome::undecided;
        result.judged.push_back({verdict.property, verdict.outcome, judgement.claimed,
                                 verdict.cases, judgement.claimed_by_foil, undecided ? verdict.reason : ""});
    }
    for (const auto& [name, times] : run.milestones) result.milestones.push_back(name);
    if (arguments.check_every == 0 || plan.seed % arguments.check_every != 0) return result;
    if (scenarios::run_plan(plan).trace_hash == run.trace_hash) return result;
    const auto divergence = sim::check_determinism(
        [&] { return scenarios::run_plan(plan, {.keep_trace = true}).trace; });
    std::ostringstream text;
    if (divergence) text << *divergence;
    result.divergence = divergence ? text.str() : "two runs differ, but not with a kept trace";
    return result;
}

json to_json(const properties::Coverage& coverage) {
    return {coverage.calls,     coverage.observations, coverage.unknown,    coverage.concurrent,
            coverage.contended, coverage.reads_here,   coverage.reads_there};
}

properties::Coverage coverage_from(const json& read) {
    properties::Coverage coverage;
    coverage.calls = read.at(0);
    coverage.observations = read.at(1);
    coverage.unknown = read.at(2);
    coverage.concurrent = read.at(3);
    coverage.contended = read.at(4);
    coverage.reads_here = read.at(5);
    coverage.reads_there = read.at(6);
    return coverage;
}

std::string to_line(const SeedResult& result) {
    json judged = json::array();
    for (const SeedResult::Judged& each : result.judged)
        judged.push_back({each.property, static_cast<int>(each.outcome), each.claimed, each.cases,
                          each.claimed_by_foil, each.reason});
    return json{{"seed", result.seed},
                {"hash", result.trace_hash},
                {"operations", result.operations},
                {"faults", result.faults},
                {"unknown", result.unknown},
                {"simulated", result.simulated_ns},
                {"judged", judged},
                {"divergence", result.divergence},
                {"milestones", result.milestones},
                {"coverage", to_json(result.coverage)}}
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
    result.milestones = read.at("milestones").get<std::vector<std::string>>();
    result.coverage = coverage_from(read.at("coverage"));
    for (const json& each : read.at("judged"))
        result.judged.push_back({each.at(0), static_cast<properties::Outcome>(each.at(1).get<int>()),
                                 each.at(2), each.at(3), each.at(4), each.at(5)});
    return result;
}

/// What is to be run: made where the last step before the run needs it, since thousands of Plans, or
/// millions, are not small.
struct Jobs {
    std::size_t count = 0;
    std::function<scenarios::Plan(std::size_t)> plan;
};

/// A child process that runs every `jobs`-th job and writes a line for each.
class Worker {
public:
    /// Takes every `stride`-th job from `first` on. `jobs` outlives it.
    Worker(const RunArguments& arguments, const Jobs& jobs, std::size_t first, std::size_t stride)
        : arguments_(arguments), jobs_(jobs), next_(first), stride_(stride) {
        start();
    }
    ~Worker() { stop(); }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// The result of the next job; a worker that died is replaced and goes on behind it.
    SeedResult next() {
        std::string line;
        const std::size_t job = next_;
        next_ += stride_;
        if (read_line(line)) return from_line(line);
        SeedResult result;
        result.seed = jobs_.plan(job).seed;
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
            for (std::size_t job = next_; job < jobs_.count; job += stride_)
                write(out, to_line(run(jobs_.plan(job), arguments_)));
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
    const Jobs& jobs_;
    std::size_t next_;
    const std::size_t stride_;
    pid_t child_ = -1;
    int in_ = -1;
    std::string buffer_;
};

void run_jobs(const Jobs& jobs, const RunArguments& arguments,
              const std::function<bool(const SeedResult&)>& done) {
    const std::size_t workers_max = std::max<std::size_t>(1, arguments.jobs);
    const std::size_t count = std::min(workers_max, jobs.count);
    std::vector<std::unique_ptr<Worker>> workers;
    for (std::size_t first = 0; first < count; ++first)
        workers.push_back(std::make_unique<Worker>(arguments, jobs, first, count));
    for (std::size_t i = 0; i < jobs.count; ++i)
        if (!done(workers[i % count]->next())) return;
}

}  // namespace

bool in_shard(const RunArguments& arguments, std::uint64_t seed) {
    return seed % arguments.shard_count == arguments.shard_index % arguments.shard_count;
}

void sweep(const Unit& unit, const RunArguments& arguments,
           const std::function<bool(const SeedResult&)>& done) {
    std::vector<std::uint64_t> seeds;
    for (std::uint64_t seed = arguments.first_seed;; ++seed) {
        if (in_shard(arguments, seed)) seeds.push_back(seed);
        if (seed == arguments.last_seed) break;
    }
    sweep_plans(seeds.size(),
                [&](std::size_t i) { return draw_plan(unit.scenario, unit.driver, seeds[i]); },
                arguments, done);
}

void sweep_plans(std::size_t count, const std::function<scenarios::Plan(std::size_t)>& plan,
                 const RunArguments& arguments, const std::function<bool(const SeedResult&)>& done) {
    run_jobs({count, plan}, arguments, done);
}

}  // namespace conclave::tool
