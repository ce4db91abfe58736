#include "sweep.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace conclave::tool {

namespace {

using nlohmann::json;

SeedResult run_seed(const Unit& unit, std::uint64_t seed, const RunArguments& arguments) {
    const scenarios::Plan plan = scenarios::draw_plan(unit.scenario, unit.driver, seed);
    const scenarios::RunResult run = scenarios::run_plan(plan);
    SeedResult result;
    result.seed = seed;
    result.trace_hash = run.trace_hash;
    result.operations = run.operations;
    result.faults = run.faults;
    result.unknown = run.unknown;
    result.simulated_ns = run.simulated_ns;
    for (const scenarios::Judgement& judgement : run.judgements)
        result.judged.push_back({judgement.verdict.property, judgement.verdict.outcome,
                                 judgement.claimed});
    if (arguments.check_every == 0 || seed % arguments.check_every != 0) return result;
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

/// A child process that runs every `jobs`-th seed and writes a line for each.
class Worker {
public:
    Worker(const Unit& unit, const RunArguments& arguments, std::vector<std::uint64_t> seeds)
        : unit_(unit), arguments_(arguments), seeds_(std::move(seeds)) {
        start();
    }
    ~Worker() { stop(); }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// The result of the next seed; a worker that died is replaced and goes on behind it.
    SeedResult next() {
        std::string line;
        const std::uint64_t seed = seeds_[done_++];
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
        for (std::size_t i = done_; i < seeds_.size(); ++i) {
            const std::string line = to_line(run_seed(unit_, seeds_[i], arguments_));
            for (std::size_t sent = 0; sent < line.size();) {
                const ssize_t wrote = ::write(out, line.data() + sent, line.size() - sent);
                if (wrote <= 0) ::_exit(0);
                sent += static_cast<std::size_t>(wrote);
            }
        }
        ::_exit(0);
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

    void stop() noexcept {
        if (in_ >= 0) ::close(in_);
        if (child_ > 0) ::waitpid(child_, nullptr, 0);
    }

    const Unit& unit_;
    const RunArguments& arguments_;
    std::vector<std::uint64_t> seeds_;
    std::size_t done_ = 0;
    pid_t child_ = -1;
    int in_ = -1;
    std::string buffer_;
};

std::vector<std::uint64_t> seeds_of(const RunArguments& arguments) {
    std::vector<std::uint64_t> seeds;
    for (std::uint64_t seed = arguments.first_seed;; ++seed) {
        if (seed % arguments.shard_count == arguments.shard_index % arguments.shard_count)
            seeds.push_back(seed);
        if (seed == arguments.last_seed) return seeds;
    }
}

}  // namespace

void sweep(const Unit& unit, const RunArguments& arguments,
           const std::function<bool(const SeedResult&)>& done) {
    const std::vector<std::uint64_t> seeds = seeds_of(arguments);
    const std::size_t jobs = std::max<std::size_t>(1, std::min<std::size_t>(arguments.jobs, seeds.size()));
    std::vector<std::unique_ptr<Worker>> workers;
    for (std::size_t job = 0; job < jobs; ++job) {
        std::vector<std::uint64_t> share;
        for (std::size_t i = job; i < seeds.size(); i += jobs) share.push_back(seeds[i]);
        workers.push_back(std::make_unique<Worker>(unit, arguments, std::move(share)));
    }
    for (std::size_t i = 0; i < seeds.size(); ++i)
        if (!done(workers[i % jobs]->next())) return;
}

}  // namespace conclave::tool
