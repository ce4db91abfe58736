// What is written down of campaigns and of looks at who leads.

#include <gtest/gtest.h>

#include "conclave/scenarios/observed/observed_driver.hpp"
#include "conclave/sim/process.hpp"
#include "conclave/sim/world.hpp"

namespace conclave::scenarios {
namespace {

using properties::Action;
using properties::Call;
using properties::Status;

/// Grants every campaign, and answers looks with what it is told to.
class ToldElections final : public Elections {
public:
    std::optional<Lease> try_lead(const std::string& group, const std::string& owner,
                                  Deadline) override {
        return Lease{group, owner, 1, TimePoint::max()};
    }
    bool renew(Lease&, Deadline) override { return true; }
    bool resign(const Lease&, Deadline) override { return true; }
    Leader get_leader(const std::string&, Deadline) override { return answer(); }
    std::string new_owner() override { return "owner"; }

    std::function<Leader()> answer;
};

class ToldDriver final : public Driver {
public:
    explicit ToldDriver(ToldElections& elections) : elections_(elections) {}
    void start(Deadline) override {}
    void stop(Deadline) override {}
    Beat heartbeat(Deadline) override { return {Duration::max(), {}, {}}; }
    Claims claims() const override { return {}; }
    Locks* locks() noexcept override { return nullptr; }
    Groups* groups() noexcept override { return nullptr; }
    Elections* elections() noexcept override { return &elections_; }

private:
    ToldElections& elections_;
};

/// What one process, of the member "ann", wrote down of what `body` asked.
class ObservedLeader : public testing::Test {
protected:
    const std::vector<Call>& observed(const std::function<void(Elections&)>& body) {
        sim::World world(sim::WorldOptions{});
        world.add_process(world.add_host("host"), "process", [&](sim::Process& process) {
            const auto driver = observe(process.runtime(), std::make_unique<ToldDriver>(elections),
                                        "ann", Duration::max(), {"process", 1}, log);
            body(*driver->elections());
        });
        world.run_until(sim::at_time(std::chrono::milliseconds(1)));
        return log.of(Observed::leaderships).calls;
    }
    /// The one call that is left of a look that is answered so; it ends as the driver does.
    std::vector<Call> look(const std::function<Leader()>& answer) {
        elections.answer = answer;
        return observed([](Elections& observed_elections) {
            try {
                observed_elections.get_leader("g", Deadline::never());
            } catch (const Error&) {
                return;
            }
        });
    }
    std::string text(properties::TextId id) { return log.of(Observed::leaderships).text(id); }

    ToldElections elections;
    CallLog log{[] { return 7; }};
};

TEST_F(ObservedLeader, ACampaignNamesTheMember) {
    const auto calls = observed([](Elections& observed_elections) {
        auto lease = observed_elections.try_lead("g", "owner", Deadline::never());
        observed_elections.renew(*lease, Deadline::never());
    });
    ASSERT_EQ(calls.size(), 2u);
    EXPECT_EQ(calls[0].action, Action::acquire);
    EXPECT_EQ(text(calls[0].argument), "owner");
    EXPECT_EQ(text(calls[0].second), "ann");
    EXPECT_EQ(text(calls[1].argument), "owner");
    EXPECT_EQ(calls[1].second, 0u);
}

TEST_F(ObservedLeader, ALookIsARead) {
    const auto calls = look([] { return Leader{Leader::Known::member, "bob"}; });
    ASSERT_EQ(calls.size(), 1u);
    EXPECT_EQ(calls[0].action, Action::read);
    EXPECT_EQ(calls[0].status, Status::ok);
    EXPECT_EQ(calls[0].argument, 0u);
    EXPECT_EQ(calls[0].ttl_ns, 0);
    EXPECT_EQ(text(calls[0].result), "bob");
}

TEST_F(ObservedLeader, NobodyIsNull) {
    const auto calls = look([] { return Leader{}; });
    ASSERT_EQ(calls.size(), 1u);
    EXPECT_EQ(calls[0].status, Status::ok);
    EXPECT_EQ(calls[0].result, 0u);
}

TEST_F(ObservedLeader, OneThatLeftNoIdTellsNothing) {
    const auto calls = look([] { return Leader{Leader::Known::foreign, {}}; });
    ASSERT_EQ(calls.size(), 1u);
    EXPECT_EQ(calls[0].status, Status::failed);
}

TEST_F(ObservedLeader, ALookThatFailedWasTried) {
    const auto calls = look([]() -> Leader { throw ConnectionError("none", Effect::none); });
    ASSERT_EQ(calls.size(), 1u);
    EXPECT_EQ(calls[0].status, Status::failed);
}

TEST_F(ObservedLeader, ADriverThatCannotLookWasNotAsked) {
    EXPECT_TRUE(look([]() -> Leader { throw NotImplemented("no"); }).empty());
}

}  // namespace
}  // namespace conclave::scenarios
