#include "conclave/scenarios/moments.hpp"

#include <algorithm>
#include <charconv>

namespace conclave::scenarios {

const std::vector<Milestone>& milestones() {
    static const std::vector<Milestone> all{
        {"acquire_called", "a client asked for a lock"},
        {"acquired", "a client obtained a lock"},
        {"campaign_called", "a client asked to lead"},
        {"client.beat_failed", "a heartbeat of a client failed"},
        {"client.beat_outlasted_its_interval", "a heartbeat took longer than the time between two"},
        {"client.lost", "a client told that a hold of its is lost"},
        {"client.release_failed", "a release failed that nobody waited for"},
        {"client.renewal_failed", "a renewal of a hold failed"},
        {"deposed_master_answered", "a master that another had replaced ran a client's script"},
        {"file.groups.gone", "a member found its group deleted"},
        {"file.groups.rejoined", "a beat came after its membership had lapsed, and joined again"},
        {"file.groups.replaced", "a beat found another joined under its name"},
        {"file.locks.file_gone", "the file of a lock was gone while it was held"},
        {"granted_at_expiry", "a hold was granted within 30 ms after the one before ran out"},
        {"holder_cut_off", "a partition began around somebody who held"},
        {"holder_died", "somebody died while it held"},
        {"holder_stopped", "somebody was stopped while it held"},
        {"join_called", "a client asked to join a group"},
        {"joined", "a client joined a group"},
        {"lease_lapsed", "a hold lapsed while its holder lived"},
        {"led", "a client became the leader"},
        {"outcome_unknown", "an operation ended with an unknown outcome"},
        {"redis.active_expiry", "a server deleted an expired key by itself"},
        {"redis.append_file_loaded", "a server restarted with data"},
        {"redis.busy", "a command came upon a script that ran for long"},
        {"redis.client.connected", "a client's connection came up"},
        {"redis.client.lost", "a client has been without a connection for long"},
        {"redis.client.suspended", "a client's connection broke"},
        {"redis.client_refused", "a server had no place for a connection"},
        {"redis.demoted", "a master became a replica"},
        {"redis.eviction", "a server evicted a key to make room"},
        {"redis.full_resync", "a master sent a replica everything"},
        {"redis.groups.group_gone", "a member found its group deleted"},
        {"redis.groups.rejoined", "a beat came after its membership had lapsed, and joined again"},
        {"redis.groups.replaced", "a beat found another joined under its name"},
        {"redis.lazy_expiry", "a command came upon an expired key"},
        {"redis.partial_resync", "a master sent a replica what it had missed"},
        {"redis.promoted", "a replica became a master"},
        {"redis.replica_link_down", "a replica lost its master"},
        {"redis.script_killed", "a script that ran for long was ended by SCRIPT KILL"},
        {"redis.wait_timed_out", "a WAIT ended with fewer replicas than it asked for"},
        {"reply_lost", "a server acted, and the answer was lost"},
        {"request_lost", "a request was lost before the server acted"},
        {"sentinel.odown", "sentinels agreed that the master is down"},
        {"sentinel.odown_over", "sentinels agreed no longer that the master is down"},
        {"sentinel.old_master_demotion", "a sentinel told a master that came back to follow"},
        {"sentinel.promoted", "a sentinel told a replica to become the master"},
        {"sentinel.script_kill", "a sentinel told a server that was down to end its script"},
        {"sentinel.sdown", "a sentinel took an instance for down"},
        {"sentinel.sdown_over", "a sentinel took an instance for up again"},
        {"sentinel.start_delay", "a sentinel drew when to stand for election again"},
        {"sentinel.switch_master", "a sentinel told of another master"},
        {"sentinel.tilt", "a sentinel distrusted its own timers"},
        {"sentinel.vote", "a sentinel voted for a leader"},
    };
    return all;
}

bool is_milestone(std::string_view name) {
    return std::ranges::binary_search(milestones(), name, {}, &Milestone::name);
}

bool is_mechanism(std::string_view name) {
    const std::string_view rest = name.substr(name.find('.') + 1);
    const bool by_client = rest.find('.') != std::string_view::npos;
    return (name.starts_with("redis.") || name.starts_with("sentinel.")) && !by_client;
}

Anchor parse_anchor(std::string_view text) {
    const std::size_t space = text.find(' ');
    const std::size_t number = text.find(" #");
    if (space == 0 || space == std::string_view::npos) return {};
    if (number == std::string_view::npos || number <= space) return {};
    Anchor anchor{std::string(text.substr(0, space)),
                  std::string(text.substr(space + 1, number - space - 1)), 0};
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + number + 2, end, anchor.ordinal);
    const bool good = read.ec == std::errc{} && read.ptr == end && anchor.ordinal > 0 &&
                      is_milestone(anchor.what);
    return good ? anchor : Anchor{};
}

void Moments::happened(const std::string& who, std::string_view what) {
    counted(what, 1);
    last_[std::string(what)] = who;
    const std::pair<std::string, std::string> key{who, what};
    const std::uint64_t ordinal = ++ordinals_[key];
    std::vector<std::function<void()>> due;
    for (auto [at, end] = waiting_.equal_range(key); at != end; ++at)
        if (at->second.first == ordinal) due.push_back(at->second.second);
    for (const std::function<void()>& action : due) action();
}

void Moments::counted(std::string_view what, std::uint64_t times) {
    if (times == 0) return;
    const auto found = counts_.find(what);
    if (found != counts_.end()) found->second += times;
    else counts_.emplace(what, times);
}

const std::string& Moments::last_of(std::string_view what) const {
    static const std::string nobody;
    const auto found = last_.find(what);
    return found == last_.end() ? nobody : found->second;
}

void Moments::when(const Anchor& anchor, std::function<void()> action) {
    waiting_.emplace(std::pair{anchor.who, anchor.what},
                     std::pair{anchor.ordinal, std::move(action)});
}

/// Hears one process.
class Moments::Ear final : public Observer {
public:
    Ear(Moments& moments, std::string who) : moments_(moments), who_(std::move(who)) {}
    void event(const Event& event) noexcept override { moments_.told(who_, event); }

private:
    Moments& moments_;
    const std::string who_;
};

Observer& Moments::observer_of(const std::string& who) {
    std::shared_ptr<Observer>& ear = ears_[who];
    if (!ear) ear = std::make_shared<Ear>(*this, who);
    return *ear;
}

// The simulated servers' names have their component in them already.
void Moments::told(const std::string& who, const Event& event) {
    if (other_) other_->event(event);
    std::string what(event.name);
    if (what.find('.') == std::string::npos) what = std::string(event.component) + "." + what;
    if (event.name.ends_with("_expiry")) key_expired(event.detail);
    if (is_milestone(what)) happened(who, what);
}

// "12 ms late: _tooz_L_lock"
void Moments::key_expired(std::string_view detail) {
    constexpr std::string_view mark = " ms late: ";
    const std::size_t end = detail.find(mark);
    if (end == std::string_view::npos || !detail.ends_with("_lock")) return;
    std::int64_t late_ms = 0;
    std::from_chars(detail.data(), detail.data() + end, late_ms);
    lock_expired_ns_[std::string(detail.substr(end + mark.size()))] =
        now_() - late_ms * 1'000'000;
}

bool Moments::expired_within(std::string_view object, Duration length) const {
    return std::ranges::any_of(lock_expired_ns_, [&](const auto& each) {
        return each.first.find(object) != std::string::npos &&
               now_() - each.second <= length.count();
    });
}

}  // namespace conclave::scenarios
