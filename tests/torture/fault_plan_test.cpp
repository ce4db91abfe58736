#include "torture/fault_plan.hpp"

#include <gmock/gmock.h>

#include <map>
#include <set>

namespace conclave::torture {
namespace {

using namespace std::chrono_literals;

FaultOptions options(std::uint64_t seed) {
    FaultOptions options;
    options.seed = seed;
    options.ttl = 2s;
    options.length = 60s;
    options.clients = 5;
    options.servers = 2;
    options.cuts = true;
    options.server_kills = true;
    return options;
}

std::vector<std::string> texts(const std::vector<Fault>& faults) {
    std::vector<std::string> all;
    for (const Fault& fault : faults) all.push_back(describe(fault));
    return all;
}

TEST(FaultPlan, IsAFunctionOfTheSeed) {
    EXPECT_EQ(texts(draw_faults(options(7))), texts(draw_faults(options(7))));
    EXPECT_NE(texts(draw_faults(options(7))), texts(draw_faults(options(8))));
}

TEST(FaultPlan, EndsInTimeAndLeavesATargetOneFaultAtATime) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        std::map<std::string, Duration> busy_until;
        for (const Fault& fault : draw_faults(options(seed))) {
            EXPECT_GE(fault.at, 1s);
            EXPECT_LE(fault.at + fault.length, 59s);
            EXPECT_GT(fault.length, -1ns);
            EXPECT_LT(fault.target, 5u);
            Duration& busy = busy_until[target_name(fault)];
            EXPECT_GE(fault.at, busy) << describe(fault);
            busy = fault.at + fault.length;
        }
    }
}

TEST(FaultPlan, HasPausesShorterAndLongerThanTheTtlAndEveryKindThatIsAllowed) {
    std::set<FaultKind> kinds;
    bool shorter = false, longer = false;
    for (std::uint64_t seed = 1; seed <= 5; ++seed)
        for (const Fault& fault : draw_faults(options(seed))) {
            kinds.insert(fault.kind);
            if (fault.kind != FaultKind::pause) continue;
            shorter |= fault.length < 2s;
            longer |= fault.length > 2s;
        }
    EXPECT_EQ(kinds.size(), 5u);
    EXPECT_TRUE(shorter && longer);
}

TEST(FaultPlan, LeavesServersAndLinksAloneUnlessItIsTold) {
    FaultOptions only_clients = options(1);
    only_clients.servers = 0;
    only_clients.cuts = only_clients.server_kills = false;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        only_clients.seed = seed;
        for (const Fault& fault : draw_faults(only_clients))
            EXPECT_TRUE(fault.kind == FaultKind::pause || fault.kind == FaultKind::kill)
                << describe(fault);
    }
}

TEST(FaultPlan, IsWrittenForPeople) {
    EXPECT_EQ(describe({FaultKind::pause, 1, 3210ms, 2500ms}), "3.210 s  pause c2 for 2.500 s");
    EXPECT_EQ(describe({FaultKind::kill_server, 0, 1s, 500ms}),
              "1.000 s  kill server 1 for 0.500 s");
}

}  // namespace
}  // namespace conclave::torture
