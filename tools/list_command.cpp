// conclave sim list

#include <iostream>
#include <nlohmann/json.hpp>

#include "conclave/scenarios/moments.hpp"
#include "matrix.hpp"
#include "run_options.hpp"

namespace conclave::tool {

namespace {

/// A name, and a sentence where there is one.
struct Entry {
    std::string name;
    std::string text = {};
};

std::vector<Entry> entries_of(const std::string& what) {
    std::vector<Entry> entries;
    if (what == "drivers")
        for (const std::string& name : scenarios::driver_configurations()) entries.push_back({name});
    else if (what == "properties")
        for (const auto& [name, why] : scenarios::judged_properties()) entries.push_back({name, why});
    else if (what == "faults")
        for (const scenarios::FaultAction each : scenarios::fault_actions())
            entries.push_back({std::string(to_string(each))});
    else if (what == "characteristics")
        for (const Characteristic each : characteristics_in_order)
            entries.push_back({std::string(to_string(each))});
    else if (what == "milestones")
        for (const scenarios::Milestone& each : scenarios::milestones())
            entries.push_back({std::string(each.name), std::string(each.meaning)});
    else
        for (const scenarios::Scenario& each : select_scenarios({}, ""))
            entries.push_back({each.name, each.title});
    return entries;
}

}  // namespace

int list_command(const std::string& what, bool json) {
    nlohmann::json listed = nlohmann::json::array();
    for (const Entry& entry : entries_of(what)) {
        if (!json) std::cout << entry.name << (entry.text.empty() ? "" : "  ") << entry.text << '\n';
        listed.push_back({{"name", entry.name}});
        if (!entry.text.empty()) listed.back()["text"] = entry.text;
    }
    if (json) std::cout << nlohmann::json{{"version", 1}, {what, listed}}.dump() << '\n';
    return Exit::all_held;
}

}  // namespace conclave::tool
