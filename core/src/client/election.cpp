#include "conclave/election.hpp"

#include "acquisition.hpp"

namespace conclave {

using detail::HoldKind;

Result<bool> Leadership::try_resign() {
    return attempt([&] { return resign(); });
}

Election::Election(std::shared_ptr<detail::ClientCore> core, GroupId group)
    : core_(std::move(core)), group_(std::move(group)) {
    if (group_.empty()) throw Error("An election needs the name of its group");
}

std::optional<Leadership> Election::campaign_for(Duration limit) {
    return campaign(core_->runtime().after(limit), limit <= Duration::zero());
}

Result<std::optional<Leadership>> Election::try_campaign_for(Duration limit) {
    return attempt([&] { return campaign_for(limit); });
}

std::optional<Leadership> Election::campaign(Deadline deadline, bool once) {
    std::shared_ptr<detail::Hold> hold = core_->on_runtime([&] {
        const Deadline bound = once ? core_->operation_deadline() : deadline;
        auto taken =
            detail::Acquisition(*core_, HoldKind::leadership, group_.bytes()).run(bound, once);
        if (taken) core_->hand_out(taken);
        return taken;
    });
    if (!hold) return std::nullopt;
    return Leadership(core_, std::move(hold));
}

LeadEnd Election::lead(const std::function<void(Leadership&)>& body) {
    std::optional<Leadership> leadership;
    try {
        leadership = campaign(Deadline::never(), false);
    } catch (const Cancelled&) {
        return LeadEnd::stopped;
    }
    body(*leadership);  // a throw resigns as the handle goes
    if (!core_->is_started()) return LeadEnd::stopped;
    if (!leadership->valid()) return LeadEnd::lost;
    return leadership->resign() ? LeadEnd::resigned : LeadEnd::lost;
}

Result<LeadEnd> Election::try_lead(const std::function<void(Leadership&)>& body) {
    return attempt([&] { return lead(body); });
}

Leader Election::leader() {
    return core_->on_runtime([&] {
        core_->require_started();
        return core_->elections().get_leader(group_.bytes(), core_->operation_deadline());
    });
}

Result<Leader> Election::try_leader() {
    return attempt([&] { return leader(); });
}

}  // namespace conclave
