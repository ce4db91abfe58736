// What `sim replay --trace` writes for other tools: properties of it, on a Plan that fails.

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "finds.hpp"

namespace conclave {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

class TraceFormats : public Finds {
protected:
    std::string trace(const std::string& path, const std::string& format) const {
        const Finished ran = run("sim replay " + path + " --trace " + format + " --trace-out out");
        EXPECT_EQ(ran.code, 0) << ran.text;
        EXPECT_THAT(ran.text, HasSubstr("trace hash")) << "the verdicts go where they always do";
        return read("out");
    }
};

/// By track: whether no two spans overlap but for one inside the other.
void expect_nested(const std::vector<json>& spans) {
    std::map<std::pair<int, int>, std::vector<std::pair<long long, long long>>> tracks;
    for (const json& span : spans) {
        const long long begin = std::llround(span.at("ts").get<double>() * 1000);
        const long long length = std::llround(span.at("dur").get<double>() * 1000);
        tracks[{span.at("pid"), span.at("tid")}].emplace_back(begin, begin + length);
    }
    for (const auto& [track, list] : tracks)
        for (std::size_t i = 0; i + 1 < list.size(); ++i)
            for (std::size_t k = i + 1; k < list.size() && k < i + 8; ++k)
                EXPECT_FALSE(list[i].first < list[k].first && list[k].first < list[i].second &&
                             list[i].second < list[k].second)
                    << "process " << track.first << " thread " << track.second;
}

TEST_F(TraceFormats, ChromeHasTheNamesOfThePlanAndAnEndForEachBegin) {
    const Find found = find();
    scenarios::RunOptions options;
    options.keep_history = true;
    const scenarios::RunResult run = scenarios::run_plan(found.plan, options);
    std::set<std::string> names;
    std::map<std::string, std::vector<json>> spans;  // by category
    std::map<int, std::pair<json, json>> flows;
    const json parsed = json::parse(trace(found.path, "chrome"));
    for (const json& event : parsed.at("traceEvents")) {
        const std::string phase = event.at("ph");
        if (event.at("name") == "process_name") names.insert(event.at("args").at("name"));
        if (phase == "X") spans[event.at("cat")].push_back(event);
        if (phase == "s") flows[event.at("id")].first = event;
        if (phase == "f") flows[event.at("id")].second = event;
        EXPECT_THAT(phase, testing::AnyOf("M", "X", "s", "f", "i"));
    }
    for (const scenarios::ClientPlan& client : found.plan.clients)
        EXPECT_TRUE(names.contains(client.name)) << client.name;
    for (const char* name : {"redis-1", "sentinel-3", "faults"}) EXPECT_TRUE(names.contains(name));
    EXPECT_EQ(spans["operation"].size(), run.history.operations.size());
    EXPECT_EQ(spans["belief"].size(), run.history.locks.size());
    const auto begins = [](std::int64_t at_ns) { return at_ns != properties::never_ns; };
    EXPECT_EQ(static_cast<long>(spans["fault"].size()),
              std::count_if(run.fault_begin_ns.begin(), run.fault_begin_ns.end(), begins));
    EXPECT_GT(flows.size(), 1000u);
    for (const auto& [id, flow] : flows) {
        ASSERT_TRUE(flow.first.is_object() && flow.second.is_object()) << id;
        EXPECT_LT(flow.first.at("ts"), flow.second.at("ts"));
    }
    for (const auto& [category, list] : spans) {
        for (const json& span : list) EXPECT_GE(span.at("dur"), 0);
        expect_nested(list);
    }
}

TEST_F(TraceFormats, WhatIsWrittenToStdoutIsTheTraceAlone) {
    const std::string path = write("quiet.plan", to_text(quiet()));
    run("sim replay " + path + " --trace chrome >out 2>verdicts; true");
    EXPECT_TRUE(json::parse(read("out")).is_object());
    EXPECT_THAT(read("verdicts"), HasSubstr("trace hash"));
    run("sim replay " + path + " --trace chrome --until 1s >out 2>state; true");
    EXPECT_TRUE(json::parse(read("out")).is_object());
    EXPECT_THAT(read("state"), StartsWith("cut off at 1.000000 s"));
    const Finished lost = run("sim replay " + path + " --trace chrome --trace-out no/where");
    EXPECT_EQ(lost.code, 2);
    EXPECT_THAT(lost.text, HasSubstr("no/where: cannot be written"));
}

using Clock = std::map<std::string, int>;

/// Checks a log for ShiViz; how many messages arrived, and how many of them in parts.
std::pair<std::size_t, std::size_t> check_shiviz(const std::string& log) {
    std::istringstream lines(log);
    std::string head, event;
    std::getline(lines, head);
    EXPECT_EQ(head, "(?<host>\\S+) (?<clock>\\{.*\\})\\n(?<event>.*)");
    std::getline(lines, head);
    EXPECT_EQ(head, "") << "no delimiter of several runs";
    std::map<std::string, int> own;
    std::map<std::string, std::pair<std::string, Clock>> sent;  // by message: to whom, and when
    std::map<std::string, int> got;
    const std::regex passes("(sends|gets)((?: #[0-9]+)+) (?:to|from) ([^ ]+):.*");
    while (std::getline(lines, head) && std::getline(lines, event)) {
        const std::string host = head.substr(0, head.find(' '));
        const Clock clock = json::parse(head.substr(host.size() + 1)).get<Clock>();
        EXPECT_EQ(clock.at(host), ++own[host]) << head;
        std::smatch parts;
        if (!std::regex_match(event, parts, passes)) continue;
        std::istringstream numbers(parts[2]);
        for (std::string number; numbers >> number;) {
            if (parts[1] == "sends") {
                sent[number] = {parts[3], clock};
                continue;
            }
            ++got[number];
            EXPECT_EQ(sent.at(number).first, host) << event;
            for (const auto& [other, count] : sent.at(number).second)
                EXPECT_GE(clock.at(other), count) << number << " happens before\n" << head;
        }
    }
    const auto parted = [](const auto& message) { return message.second > 1; };
    return {got.size(), std::count_if(got.begin(), got.end(), parted)};
}

TEST_F(TraceFormats, InShivizADeliveryComesAfterItsMessage) {
    const auto [arrived, parted] = check_shiviz(trace(find().path, "shiviz"));
    EXPECT_GT(arrived, 1000u);
    EXPECT_EQ(parted, 0u);
    scenarios::Plan cut = quiet();
    cut.link.segmentation = 0.5;
    const auto some = check_shiviz(trace(write("cut.plan", to_text(cut)), "shiviz"));
    EXPECT_GT(some.second, 100u) << "of " << some.first;
}

TEST_F(TraceFormats, MermaidDeclaresWhoTakesPartAndStaysSmall) {
    const Find found = find();
    std::istringstream lines(trace(found.path, "mermaid"));
    std::string line, text;
    std::getline(lines, line);
    EXPECT_EQ(line, "sequenceDiagram");
    std::set<std::string> declared;
    std::size_t events = 0;
    const std::regex participant("  participant (P[0-9]+) as .+"), id("P[0-9]+");
    const std::regex event("  (Note over |P[0-9]+-)([^:]*): .+");
    for (std::smatch parts; std::getline(lines, line); text += line + "\n") {
        if (std::regex_match(line, parts, participant)) declared.insert(parts[1]);
        else if (++events; !std::regex_match(line, parts, event)) ADD_FAILURE() << line;
        const std::string used = line.substr(0, line.find(':'));
        for (std::sregex_iterator it(used.begin(), used.end(), id), end; it != end; ++it)
            EXPECT_TRUE(declared.contains(it->str())) << line;
    }
    EXPECT_GE(declared.size(), found.plan.clients.size() + 6) << "and six servers";
    EXPECT_EQ(events, 201u) << "the bound, and how many are left out";
    EXPECT_THAT(text, testing::ContainsRegex(": [0-9]+ events further from the violation are left"));
    EXPECT_GE(count(text, "<br/>holds " + found.verdict.object + ", token "), 2u) << text;
}

}  // namespace
}  // namespace conclave
