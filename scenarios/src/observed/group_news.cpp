#include "conclave/scenarios/observed/group_news.hpp"

#include <algorithm>
#include <utility>

#include "conclave/scenarios/observed/call_log.hpp"

namespace conclave::scenarios {

using properties::Call;
using properties::Calls;
using properties::Status;
using properties::TextId;

const std::vector<std::uint32_t>& GroupNews::calls(const Question& question) const {
    static const std::vector<std::uint32_t> none;
    const auto found = calls_.find(question);
    return found == calls_.end() ? none : found->second;
}

std::vector<std::uint32_t> GroupNews::calls_since(std::uint32_t first,
                                                  const Incarnation& who) const {
    std::vector<std::uint32_t> calls;
    auto asker = std::partition_point(askers_.begin(), askers_.end(),
                                      [&](const Asker& each) { return each.call < first; });
    for (; asker != askers_.end(); ++asker)
        if (asker->process == who.process && asker->incarnation == who.number)
            calls.push_back(asker->call);
    return calls;
}

namespace {

/// What a session was answered itself it need not be told.
void tell_answer(Calls& history, std::uint32_t number, TextId here, std::int64_t now_ns) {
    const Call& call = history.calls[number];
    if (call.status == Status::ok && call.session != here)
        history.tell(call.session, here, call.return_ns, now_ns);
}

}  // namespace

void tell(CallLog& log, const Incarnation& who, const std::string& group, Deadline deadline) {
    const TextId here = log.session(Observed::groups, who);
    for (const std::uint32_t call : log.news().calls({who.process, who.number, group, deadline}))
        tell_answer(log.of(Observed::groups), call, here, log.now());
}

Errand::Errand(CallLog* log, Incarnation who) : log_(log), who_(std::move(who)) {
    if (!log_) return;
    begun_ns_ = log_->now();
    first_ = static_cast<std::uint32_t>(log_->of(Observed::groups).calls.size());
}

void Errand::done() {
    if (!log_) return;
    Calls& history = log_->of(Observed::groups);
    const TextId here = log_->session(Observed::groups, who_);
    for (const std::uint32_t number : log_->news().calls_since(first_, who_)) {
        const Call& call = history.calls[number];
        if (call.session == here) continue;
        // Just before that call, and behind all that was known when it was asked for.
        history.messages.push_back({here, call.session, begun_ns_, call.call_ns, number});
        tell_answer(history, number, here, log_->now());
    }
}

}  // namespace conclave::scenarios
