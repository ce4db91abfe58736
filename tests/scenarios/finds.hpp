#pragma once

// Plans to debug.

#include "support.hpp"
#include "tool.hpp"

namespace conclave {

class Finds : public Tool {
protected:
    /// The first Plan of a scenario that violates exclusion, what it violates, and its file.
    struct Find {
        scenarios::Plan plan;
        properties::Verdict verdict;
        std::string path;
    };
    Find find() const {
        const scenarios::Scenario scenario = scenarios::builtin("redis/lock_failover");
        const std::uint64_t seed = scenarios::first_violation(scenario, "exclusion", 30);
        Find found{scenarios::draw_plan(scenario, scenario.drivers.front(), seed), {}, "find.plan"};
        const scenarios::RunResult run = scenarios::run_plan(found.plan);
        found.plan.property = "exclusion";
        found.plan.trace_hash = run.trace_hash;
        found.verdict = scenarios::judgement(run, "exclusion")->verdict;
        write(found.path, to_text(found.plan));
        return found;
    }

    /// A run of one server and three clients, without faults.
    static scenarios::Plan quiet() {
        return scenarios::draw_plan(scenarios::builtin("redis/control/lock_no_fault"), "redis", 1);
    }

    static std::size_t count(const std::string& text, const std::string& part) {
        std::size_t found = 0;
        for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
            ++found;
        return found;
    }
};

}  // namespace conclave
