#include "saved_plans.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

#include "shrinking.hpp"
#include "sweep.hpp"

namespace conclave::tool {

using properties::Outcome;
using scenarios::FileError;
using scenarios::Plan;

namespace {

/// The file's name up to its seed. The driver is named only where it tells two Plans apart.
std::string file_prefix(const scenarios::Scenario& scenario, const std::string& driver) {
    std::string name = scenario.name;
    std::replace(name.begin(), name.end(), '/', '-');
    return name + (scenario.drivers.size() > 1 ? "-" + driver : "") + "-";
}

bool is_named_after(const std::string& file, const Unit& unit) {
    const std::string prefix = file_prefix(unit.scenario, unit.driver);
    const std::string suffix = ".plan";
    if (!file.starts_with(prefix) || !file.ends_with(suffix)) return false;
    const std::string seed = file.substr(prefix.size(), file.size() - prefix.size() - suffix.size());
    return !seed.empty() && seed.find_first_not_of("0123456789") == std::string::npos;
}

std::vector<std::string> plan_files(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".plan") files.push_back(entry.path().filename().string());
    std::sort(files.begin(), files.end());
    return files;
}

/// Whether the scenario of today draws this very Plan.
bool is_drawn_by(const Unit& unit, Plan plan) {
    plan.trace_hash = 0;
    plan.property.clear();
    plan.applied = -1;
    return to_text(plan) == to_text(scenarios::draw_plan(unit.scenario, unit.driver, plan.seed));
}

class Rerun {
public:
    Rerun(const std::vector<Unit>& units, const RunArguments& arguments, Exporter& exporter)
        : units_(units), arguments_(arguments), exporter_(exporter) {}

    SavedPlans run() {
        for (const std::string& file : plan_files(arguments_.out)) read(file);
        std::size_t next = 0;
        sweep_plans(kept_.size(), [&](std::size_t i) { return kept_[i].plan; }, arguments_,
                    [&](const SeedResult& result) { return judge(kept_[next++], result); });
        if (next > 0)
            std::cout << "saved Plans first: " << next << " run again, " << fixed_
                      << " fixed and removed, " << shown_ << " still found and not claimed, "
                      << failed_ << " still failing\n";
        return saved_;
    }

private:
    struct Kept {
        std::string path;
        Plan plan;
        const Unit& unit;
    };

    void read(const std::string& file) {
        const std::string path = arguments_.out + "/" + file;
        try {
            keep(path, read_plan_file(path));
        } catch (const FileError& error) {
            const auto named = [&](const Unit& unit) { return is_named_after(file, unit); };
            if (std::any_of(units_.begin(), units_.end(), named))
                std::cout << "saved Plan not run again: " << error.what() << '\n';
        }
    }

    /// Whether no run could select it; what this run does not select is another run's matter.
    bool is_orphan(const Plan& plan) const {
        if (arguments_.globs.empty() && arguments_.drivers.empty()) return true;
        return std::any_of(units_.begin(), units_.end(), [&](const Unit& unit) {
            const std::vector<std::string>& drivers = unit.scenario.drivers;
            return unit.scenario.name == plan.scenario &&
                   std::find(drivers.begin(), drivers.end(), plan.driver) == drivers.end();
        });
    }

    void keep(const std::string& path, Plan plan) {
        const auto unit = std::find_if(units_.begin(), units_.end(), [&](const Unit& each) {
            return each.scenario.name == plan.scenario && each.driver == plan.driver;
        });
        if (unit == units_.end()) {
            if (is_orphan(plan))
                std::cout << "saved Plan not run again: " << path << ": there is no scenario "
                          << plan.scenario << " on " << plan.driver << " any more\n";
            return;
        }
        if (!in_shard(arguments_, plan.seed)) return;
        if (!is_drawn_by(*unit, plan))
            std::cout << "saved Plan of another content: " << path << ": seed " << plan.seed
                      << " of " << plan.scenario << " draws another one now; run as it was saved\n";
        kept_.push_back({path, std::move(plan), *unit});
    }

    bool judge(const Kept& kept, const SeedResult& result) {
        bool violated = false;
        bool claimed = false;
        ++saved_.counts[{kept.plan.scenario, kept.plan.driver}].run;
        for (const SeedResult::Judged& judged : result.judged) {
            if (judged.outcome != Outcome::violated) continue;
            violated = true;
            claimed = claimed || judged.claimed;
        }
        if (!violated && result.crash.empty()) remove(kept);
        else if (claimed || !result.crash.empty()) fail(kept, result);
        else ++shown_;
        return !(arguments_.fail_fast && failed_ > 0);
    }

    void remove(const Kept& kept) {
        ++fixed_;
        std::error_code error;
        std::filesystem::remove(kept.path, error);
        remove_small_plans(kept.path);
        std::cout << "fixed: " << kept.path << " (seed " << kept.plan.seed << " of "
                  << kept.plan.scenario << " on " << kept.plan.driver << ") shows nothing any more"
                  << (error ? ", but cannot be removed: " + error.message() : "; removed") << '\n';
    }

    void fail(const Kept& kept, const SeedResult& result) {
        ++failed_;
        exporter_.add(kept.unit, result, kept.path);
        SavedPlans::Counts& counts = saved_.counts[{kept.plan.scenario, kept.plan.driver}];
        const std::string replay = arguments_.program + " sim replay " + kept.path;
        if (!result.crash.empty()) {
            ++counts.crashes;
            std::cout << "CRASH " << kept.plan.scenario << " driver=" << kept.plan.driver
                      << " saved Plan: " << result.crash << "\nreplay: " << replay << '\n';
            return;
        }
        ++counts.violated;
        const auto began = std::chrono::steady_clock::now();
        const scenarios::RunResult run = scenarios::run_plan(kept.plan);
        for (const scenarios::Judgement& judgement : run.judgements)
            if (judgement.failed())
                std::cout << to_text({kept.plan, run, judgement.verdict.property, replay, kept.path,
                                      milliseconds_since(began)})
                          << '\n';
    }

    const std::vector<Unit>& units_;
    const RunArguments& arguments_;
    Exporter& exporter_;
    std::vector<Kept> kept_;
    SavedPlans saved_;
    std::size_t fixed_ = 0;
    std::size_t shown_ = 0;
    std::size_t failed_ = 0;
};

}  // namespace

std::string save_plan(const RunArguments& arguments, const Unit& unit, const Plan& plan) {
    const std::string path = arguments.out + "/" + file_prefix(unit.scenario, unit.driver) +
                             std::to_string(plan.seed) + ".plan";
    std::ofstream out(path);
    out << to_text(plan);
    out.close();
    if (!out) throw FileError(path + ": cannot be written");
    return path;
}

SavedPlans::Counts SavedPlans::of(const Unit& unit) const {
    const auto found = counts.find({unit.scenario.name, unit.driver});
    return found == counts.end() ? Counts{} : found->second;
}

bool SavedPlans::any_failed() const {
    return std::ranges::any_of(counts, [](const auto& each) { return each.second.failed(); });
}

SavedPlans rerun_saved_plans(const std::vector<Unit>& units, const RunArguments& arguments,
                             Exporter& exporter) {
    return Rerun(units, arguments, exporter).run();
}

}  // namespace conclave::tool
