// Knobs: values of a Plan that can be turned towards what is simplest, one after the other.

#include <rapidcheck/seq/Create.h>
#include <rapidcheck/seq/Transform.h>
#include <rapidcheck/shrink/Shrink.h>
#include <rapidcheck/shrinkable/Create.h>

#include <algorithm>
#include <functional>
#include <memory>

#include "candidates.hpp"

namespace conclave::scenarios {

namespace {

using Plans = rc::Seq<Plan>;
/// Simpler values of one thing, the simplest first; none when it is as simple as can be.
using Knob = std::function<Plans(const Plan&)>;

/// Halving more often than this gains less than it costs.
constexpr std::size_t halvings = 4;

/// Numbers from `target` half the way back to `value`, and so on.
rc::Seq<std::int64_t> towards(std::int64_t value, std::int64_t target) {
    return rc::seq::take(halvings, rc::shrink::towards(value, target));
}

/// In whole milliseconds, where the length has as many: a Plan is also to be read.
rc::Seq<Duration> shorter(Duration length) {
    constexpr std::int64_t unit = 1'000'000;
    if (length.count() < unit)
        return length > Duration::zero() ? rc::seq::just(Duration::zero()) : rc::Seq<Duration>();
    const std::int64_t whole = length.count() / unit;
    auto lengths = rc::seq::map(towards(whole, 0), [](std::int64_t milliseconds) {
        return Duration(milliseconds * unit);
    });
    const bool is_whole = length.count() % unit == 0;
    return is_whole ? lengths : rc::seq::concat(lengths, rc::seq::just(Duration(whole * unit)));
}

template <typename Value, typename Set>
Plans set_each(const Plan& plan, rc::Seq<Value> values, Set set) {
    return rc::seq::map(std::move(values), [plan, set](const Value& value) {
        Plan changed = plan;
        set(changed, value);
        return changed;
    });
}

/// One value that has one simplest form.
template <typename Member, typename Value>
Knob plain(Member member, Value simplest) {
    return [member, simplest](const Plan& plan) -> Plans {
        Plan changed = plan;
        if (member(changed) == simplest) return {};
        member(changed) = simplest;
        return rc::seq::just(std::move(changed));
    };
}

/// What comes after the healing, down to what a client may need to end its step.
Plans earlier_end(const Plan& plan) {
    const auto long_enough = [](Duration length) { return length >= std::chrono::seconds(1); };
    return set_each(plan, rc::seq::filter(shorter(plan.progress_within), long_enough),
                    [](Plan& changed, Duration length) { changed.progress_within = length; });
}

std::vector<Knob> surroundings_of(const Plan& plan, bool ends_earlier) {
    std::vector<Knob> knobs;
    knobs.push_back(plain([](Plan& changed) -> bool& { return changed.priority_scheduling; }, false));
    knobs.push_back(plain([](Plan& changed) -> bool& { return changed.resource; }, false));
    knobs.push_back(plain([](Plan& changed) -> double& { return changed.link.loss; }, 0.0));
    knobs.push_back(plain([](Plan& changed) -> double& { return changed.link.segmentation; }, 0.0));
    if (ends_earlier) knobs.push_back(earlier_end);
    for (std::size_t i = 0; i < plan.clients.size(); ++i) {
        knobs.push_back(
            plain([i](Plan& changed) -> int& { return changed.clients[i].clock_rate_ppm; }, 0));
        knobs.push_back(
            plain([i](Plan& changed) -> Duration& { return changed.clients[i].wall_offset; },
                  Duration::zero()));
    }
    return knobs;
}

Knob fewer_hosts(std::size_t i, std::vector<std::string> Fault::*side) {
    return [i, side](const Plan& plan) -> Plans {
        const std::vector<std::string>& hosts = plan.faults[i].*side;
        if (hosts.size() < 2) return {};
        return set_each(plan, rc::seq::range<std::size_t>(0, hosts.size()),
                        [i, side](Plan& changed, std::size_t host) {
                            auto& left = changed.faults[i].*side;
                            left.erase(left.begin() + static_cast<long>(host));
                        });
    };
}

void add_fault(std::vector<Knob>& knobs, std::size_t i) {
    knobs.push_back(fewer_hosts(i, &Fault::a));
    knobs.push_back(fewer_hosts(i, &Fault::b));
    knobs.push_back([i](const Plan& plan) {
        return set_each(plan, shorter(plan.faults[i].length),
                        [i](Plan& changed, Duration length) { changed.faults[i].length = length; });
    });
    knobs.push_back([i](const Plan& plan) {
        return set_each(plan, towards(plan.faults[i].amount, 0),
                        [i](Plan& changed, std::int64_t to) { changed.faults[i].amount = to; });
    });
}

Knob step_length(std::size_t client, std::size_t step) {
    return [client, step](const Plan& plan) {
        return set_each(plan, shorter(plan.clients[client].steps[step].length),
                        [client, step](Plan& changed, Duration length) {
                            changed.clients[client].steps[step].length = length;
                        });
    };
}

/// The time before the i-th thing that happens. Turning one leaves the number of times as it is, or
/// makes it smaller where two become one.
Knob gap(std::size_t i) {
    return [i](const Plan& plan) -> Plans {
        const std::vector<Duration> times = times_of(plan);
        if (i >= times.size()) return {};
        const Duration from = times[i];
        const Duration length = from - (i == 0 ? Duration::zero() : times[i - 1]);
        return rc::seq::map(shorter(length), [plan, from, length](Duration left) {
            return sooner(plan, from, length - left);
        });
    };
}

Plans earlier_healing(const Plan& plan) {
    Duration last_fault{};
    for (const Fault& fault : plan.faults)
        if (fault.by_time()) last_fault = std::max(last_fault, fault.at);
    const auto heals_a_fault = [last_fault](Duration end) {
        return end >= last_fault && end > Duration::zero();
    };
    return set_each(plan, rc::seq::filter(shorter(plan.duration), heals_a_fault),
                    [](Plan& changed, Duration end) { changed.duration = end; });
}

std::vector<Knob> values_of(const Plan& plan, bool heals_earlier) {
    std::vector<Knob> knobs;
    if (heals_earlier) knobs.push_back(earlier_healing);
    for (std::size_t i = 0; i < times_of(plan).size(); ++i) knobs.push_back(gap(i));
    for (std::size_t i = 0; i < plan.faults.size(); ++i) add_fault(knobs, i);
    for (std::size_t i = 0; i < plan.clients.size(); ++i)
        for (std::size_t j = 0; j < plan.clients[i].steps.size(); ++j)
            knobs.push_back(step_length(i, j));
    return knobs;
}

using Knobs = std::shared_ptr<const std::vector<Knob>>;

rc::Shrinkable<Plan> node(std::shared_ptr<const Plan> plan, Knobs knobs, std::size_t first) {
    const auto turned = [plan, knobs, first] {
        return rc::seq::mapcat(
            rc::seq::range(first, knobs->size()), [plan, knobs](std::size_t index) {
                return rc::seq::map((*knobs)[index](*plan), [knobs, index](Plan changed) {
                    return node(std::make_shared<Plan>(std::move(changed)), knobs, index);
                });
            });
    };
    return rc::shrinkable::lambda([plan] { return *plan; }, turned);
}

rc::Shrinkable<Plan> turning(Plan plan, std::vector<Knob> knobs) {
    return node(std::make_shared<Plan>(std::move(plan)),
                std::make_shared<const std::vector<Knob>>(std::move(knobs)), 0);
}

}  // namespace

rc::Shrinkable<Plan> plainer(Plan plan, bool ends_earlier) {
    std::vector<Knob> knobs = surroundings_of(plan, ends_earlier);
    return turning(std::move(plan), std::move(knobs));
}

rc::Shrinkable<Plan> simpler(Plan plan, bool heals_earlier) {
    std::vector<Knob> knobs = values_of(plan, heals_earlier);
    return turning(std::move(plan), std::move(knobs));
}

}  // namespace conclave::scenarios
