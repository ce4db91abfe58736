#include "rounds.hpp"

namespace conclave::torture {

namespace {

using scenarios::Observed;

class ElectionRounds final : public Rounds {
public:
    ElectionRounds(Stage& stage, Client& client)
        : stage_(stage), election_(client.election(stage.group())) {}

    void round() override {
        if (stage_.draw.below(4) == 0) return look();
        const std::int64_t call_ns = stage_.now();
        std::optional<Leadership> leadership = election_.campaign_for(stage_.wait());
        if (!leadership) return look();
        const Validity validity = leadership->validity();
        const Stage::Held held{[&] { return validity.valid(); }, [&] { return validity.until(); }};
        const std::uint64_t belief = stage_.journal.believes(
            {Observed::leaderships, stage_.group(), leadership->epoch(), call_ns, stage_.now(),
             nanoseconds(validity.until())});
        stage_.keep(belief, held, stage_.hold());
        stage_.give_up(belief, held);
        // Every fourth one is left to the handle's destructor, which does not wait.
        if (stage_.draw.below(4) != 0) leadership->resign();
    }

private:
    /// The driver's observer writes down what it tells.
    void look() { election_.leader(); }

    Stage& stage_;
    Election election_;
};

class CampaignRounds final : public Rounds {
public:
    CampaignRounds(Stage& stage, Coordinator& coordinator)
        : stage_(stage), coordinator_(coordinator), group_(stage.group()) {
        // Who watches for it is a candidate.
        coordinator_.watch_elected_as_leader(group_, [](const LeaderElected&) {});
    }

    void round() override {
        if (stage_.draw.below(4) == 0) return look();
        const std::int64_t call_ns = stage_.now();
        coordinator_.run_elect_coordinator();
        if (!coordinator_.is_leader(group_)) {
            look();
            return stage_.rest(stage_.run.ttl / 40);
        }
        const Stage::Held held{[&] { return coordinator_.is_leader(group_); },
                               [&] { return coordinator_.leading_until(group_); }};
        const std::uint64_t belief = stage_.journal.believes(
            {Observed::leaderships, group_, coordinator_.leader_token(group_), call_ns,
             stage_.now(), nanoseconds(coordinator_.leading_until(group_))});
        stage_.keep(belief, held, stage_.hold());
        stage_.give_up(belief, held);
        coordinator_.stand_down_group_leader(group_);
    }

private:
    void look() { coordinator_.get_leader(group_).get(); }

    Stage& stage_;
    Coordinator& coordinator_;
    const std::string group_;
};

}  // namespace

std::unique_ptr<Rounds> make_leader_rounds(Stage& stage, Client& client) {
    return std::make_unique<ElectionRounds>(stage, client);
}
std::unique_ptr<Rounds> make_leader_rounds(Stage& stage, Coordinator& coordinator) {
    return std::make_unique<CampaignRounds>(stage, coordinator);
}

}  // namespace conclave::torture
