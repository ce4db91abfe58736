#include "unit_run.hpp"

#include <algorithm>
#include <iostream>

#include "saved_plans.hpp"
#include "shrinking.hpp"
#include "sweep.hpp"

namespace conclave::tool {

using properties::Outcome;
using scenarios::Plan;

namespace {

constexpr std::chrono::seconds shrink_budget{5};
constexpr std::uint64_t kept_max = 10;  ///< Plans of each property

/// Runs one unit over all its seeds.
class UnitRun {
public:
    UnitRun(const Unit& unit, const RunArguments& arguments, const SavedPlans& saved,
            Exporter& exporter, const TimeShare& share)
        : unit_(unit), arguments_(arguments), exporter_(exporter), share_(share) {
        result_.scenario = unit.scenario.name;
        result_.driver = unit.driver;
        result_.saved_violated = saved.of(unit).violated;
        result_.crashes = saved.of(unit).crashes;
        result_.saved_run = saved.of(unit).run;
    }

    /// Ends at the last seed, or with the first one that is done after the share of time is over.
    UnitResult run() {
        if (stop_early()) return finish();  // a saved Plan has failed already
        Progress progress(arguments_.progress);
        const std::uint64_t total =
            (arguments_.last_seed - arguments_.first_seed) / arguments_.shard_count + 1;
        std::int64_t simulated_ns = 0;
        sweep(unit_, arguments_, [&](const SeedResult& seed) {
            add(seed);
            simulated_ns += seed.simulated_ns;
            progress.show(result_, total, simulated_ns);
            return !stop_early() && !share_.over();
        });
        progress.clear();
        judge_whole();
        return finish();
    }

private:
    /// What all seeds together have to show. A shard has not all of them, and nothing is missed when
    /// time ended before the last.
    void judge_whole() {
        result_.whole = arguments_.whole();
        if (!result_.whole) return;
        std::vector<std::string>& missed =
            share_.over() ? result_.open_duties : result_.missed_duties;
        for (const std::string& duty : unit_.scenario.must_violate)
            if (result_.properties[duty].violated == 0) missed.push_back(duty);
        for (const std::string& each : unit_.scenario.sometimes)
            if (!result_.milestones.contains(each)) result_.missed_milestones.push_back(each);
    }

    bool stop_early() const { return arguments_.fail_fast && result_.failed(); }

    const UnitResult& finish() {
        exporter_.add(result_);
        return result_;
    }

    void add(const SeedResult& seed) {
        ++result_.seeds;
        result_.operations += seed.operations;
        result_.faults += seed.faults;
        result_.unknown += seed.unknown;
        for (const std::string& milestone : seed.milestones) ++result_.milestones[milestone];
        std::string plan_path = keep(seed);
        for (const SeedResult::Judged& judged : seed.judged) {
            UnitResult::Property& property = result_.properties[judged.property];
            property.claimed = property.claimed || judged.claimed;
            property.claimed_by_foil = property.claimed_by_foil || judged.claimed_by_foil;
            property.held += judged.outcome == Outcome::held ? 1 : 0;
            if (judged.outcome == Outcome::violated && property.violated++ == 0)
                show(seed.seed, judged, plan_path);
        }
        if (!seed.crash.empty()) {
            ++result_.crashes;
            plan_path = save_plan(arguments_, unit_, draw(seed.seed));
            std::cout << "CRASH " << unit_.scenario.name << " driver=" << unit_.driver << " seed="
                      << seed.seed << ": " << seed.crash << "\nreplay: " << arguments_.program
                      << " sim replay " << plan_path << '\n';
        }
        if (!seed.divergence.empty()) {
            ++result_.divergences;
            std::cout << "NOT DETERMINISTIC " << unit_.scenario.name << " driver=" << unit_.driver
                      << " seed=" << seed.seed << ": " << seed.divergence << '\n';
        }
        exporter_.add(unit_, seed, plan_path);
    }

    Plan draw(std::uint64_t seed) const {
        return scenarios::draw_plan(unit_.scenario, unit_.driver, seed);
    }

    /// Saves the Plan of a seed that violates something, of each property the first few; its path.
    std::string keep(const SeedResult& seed) const {
        const SeedResult::Judged* found = nullptr;
        for (const SeedResult::Judged& judged : seed.judged) {
            if (judged.outcome != Outcome::violated) continue;
            const auto before = result_.properties.find(judged.property);
            if (before != result_.properties.end() && before->second.violated >= kept_max) continue;
            if (!found || (judged.claimed && !found->claimed)) found = &judged;
        }
        if (!found) return {};
        Plan plan = draw(seed.seed);
        plan.property = found->property;
        plan.applied = static_cast<std::int64_t>(seed.faults);
        plan.trace_hash = seed.trace_hash;
        return save_plan(arguments_, unit_, plan);
    }

    void show(std::uint64_t seed, const SeedResult::Judged& judged, const std::string& path) const {
        const Plan plan = draw(seed);
        const auto began = std::chrono::steady_clock::now();
        const scenarios::RunResult run = scenarios::run_plan(plan);
        const std::int64_t real_ms = milliseconds_since(began);
        const bool duty = std::count(plan.must_violate.begin(), plan.must_violate.end(),
                                     judged.property) > 0;
        if (!judged.claimed && duty && !unit_.scenario.label.empty()) {
            // One line each: this violation is the scenario's purpose.
            if (judged.property == plan.must_violate.front())
                std::cout << "expected " << unit_.scenario.label << " violated seed=" << seed
                          << " plan=" << path << '\n';
            return;
        }
        if ((judged.claimed || duty) && !show_small(plan, judged, path))
            std::cout << to_text({plan, run, judged.property,
                                  arguments_.program + " sim replay " + path, path, real_ms})
                      << '\n';
    }

    /// The first find of each property is shrunk, as far as a few seconds suffice.
    bool show_small(const Plan& plan, const SeedResult::Judged& judged,
                    const std::string& path) const {
        if (arguments_.no_shrink || share_.over()) return false;
        const ChildResult shrunk = shrink_and_tell(
            {arguments_.program, plan, {judged.property, judged.claimed}, path,
             small_plan_path(path, judged.property), shrink_budget});
        if (shrunk.trouble.empty()) std::cout << shrunk.text << '\n';
        else std::cout << "not shrunk: " << shrunk.trouble << '\n';
        return shrunk.trouble.empty();
    }

    const Unit& unit_;
    const RunArguments& arguments_;
    Exporter& exporter_;
    const TimeShare share_;
    UnitResult result_;
};

}  // namespace

UnitResult run_unit(const Unit& unit, const RunArguments& arguments, const SavedPlans& saved,
                    Exporter& exporter, const TimeShare& share) {
    return UnitRun(unit, arguments, saved, exporter, share).run();
}

}  // namespace conclave::tool
