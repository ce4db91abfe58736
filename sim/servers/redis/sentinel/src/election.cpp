// Objective down, and the vote on who fails over: one vote an epoch, first come first served.

#include <algorithm>
#include <map>

#include "state.hpp"

namespace conclave::servers::redis {

void Sentinel::State::check_objectively_down() {
    int agreeing = master->subjectively_down() ? 1 : 0;
    for (const auto& [run_id, peer] : peers) agreeing += peer->says_master_down ? 1 : 0;
    const bool down = master->subjectively_down() && agreeing >= options.quorum;
    if (down == objectively_down()) return;
    objectively_down_since = down ? now() : TimePoint{};
    observe(down ? "sentinel.odown" : "sentinel.odown_over", std::to_string(agreeing));
    if (!down) return tell("-odown", *master);
    tell("+odown", *master,
         " #quorum " + std::to_string(agreeing) + "/" + std::to_string(options.quorum));
}

void Sentinel::State::ask_peers(bool forced) {
    if (!master->subjectively_down()) return;
    const TimePoint time = now();
    const std::string candidate = failover == Failover::none ? "*" : file->id;
    for (auto& [run_id, peer_owner] : peers) {
        Instance& peer = *peer_owner;
        if (time - peer.down_answer_at > 5 * ask_period) {
            peer.says_master_down = false;
            peer.vote.clear();
        }
        if (!forced && time - peer.down_asked_at < ask_period) continue;
        const auto on_answer = [this, &peer](const resp::Reply& reply) {
            if (reply.type != resp::Type::array || reply.elements.size() != 3) return;
            peer.down_answer_at = now();
            peer.says_master_down = reply.elements[0].integer == 1;
            if (reply.elements[1].text == "*") return;
            peer.vote = reply.elements[1].text;
            peer.vote_epoch = static_cast<std::uint64_t>(reply.elements[2].integer);
        };
        const bool sent = peer.commands.send(
            {"SENTINEL", "is-master-down-by-addr", master->endpoint.host,
             std::to_string(master->endpoint.port), std::to_string(file->current_epoch), candidate},
            on_answer);
        if (sent) peer.down_asked_at = time;
    }
}

void Sentinel::State::start_failover_if_needed() {
    if (!objectively_down() || failover != Failover::none) return;
    if (failover_started != TimePoint{} && now() - failover_started < 2 * options.failover_timeout)
        return;
    start_failover();
}

void Sentinel::State::start_failover() {
    failover = Failover::wait_start;
    advance_epoch(file->current_epoch + 1);
    failover_epoch = file->current_epoch;
    // The delay desynchronises the sentinels, so that one usually collects the votes alone.
    const auto delay = std::chrono::milliseconds(below(start_delay_max_ms));
    failover_started = now() + delay;
    failover_step_at = now();
    observe("sentinel.start_delay", std::to_string(delay.count()) + " ms");
    tell("+try-failover", *master);
    ask_peers(true);
}

std::string Sentinel::State::vote(std::uint64_t epoch, const std::string& candidate,
                                  std::uint64_t& vote_epoch) {
    advance_epoch(epoch);
    if (file->voted_epoch < epoch && file->current_epoch <= epoch) {
        voted_for = candidate;
        file->voted_epoch = file->current_epoch;
        tell("+vote-for-leader", candidate + " " + std::to_string(file->voted_epoch));
        observe("sentinel.vote", candidate + " in epoch " + std::to_string(epoch));
        // Having voted for another, stand back for a while.
        if (candidate != file->id)
            failover_started = now() + std::chrono::milliseconds(below(start_delay_max_ms));
    }
    vote_epoch = file->voted_epoch;
    return voted_for;
}

std::string Sentinel::State::leader_of(std::uint64_t epoch) {
    std::map<std::string, int> votes;
    for (const auto& [run_id, peer] : peers)
        if (!peer->vote.empty() && peer->vote_epoch == epoch) ++votes[peer->vote];
    const auto most = [&] {
        return std::max_element(votes.begin(), votes.end(),
                                [](const auto& a, const auto& b) { return a.second < b.second; });
    };
    // Our own vote goes to who leads already, or to ourselves.
    const std::string favourite = votes.empty() ? file->id : most()->first;
    std::uint64_t vote_epoch = 0;
    const std::string mine = vote(epoch, favourite, vote_epoch);
    if (!mine.empty() && vote_epoch == epoch) ++votes[mine];
    const int voters = static_cast<int>(peers.size()) + 1;
    const int needed = std::max(options.quorum, voters / 2 + 1);
    if (votes.empty() || most()->second < needed) return {};
    return most()->first;
}

}  // namespace conclave::servers::redis
