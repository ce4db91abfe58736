#include "focus.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

namespace conclave::tool {

using scenarios::Account;

namespace {

constexpr std::int64_t before_max_ns = 60'000'000'000;
constexpr std::int64_t after_max_ns = 10'000'000'000;

std::set<std::string> all_objects(const Account& account) {
    std::set<std::string> objects;
    for (const properties::Operation& operation : account.operations)
        objects.insert(operation.object);
    return objects;
}

/// Widens what is shown to what was under way when it happened.
void widen(const Account& account, Focus& focus) {
    for (const properties::Operation& operation : account.operations)
        if (focus.objects.contains(operation.object) && operation.call_ns <= focus.at_ns &&
            operation.return_ns >= focus.at_ns)
            focus.begin_ns = std::min(focus.begin_ns, operation.call_ns);
    for (const Account::Belief& belief : account.beliefs) {
        const bool under_way = belief.begin_ns <= focus.at_ns && belief.end_ns > focus.at_ns;
        if (!focus.objects.contains(belief.object) || !under_way) continue;
        focus.begin_ns = std::min(focus.begin_ns, belief.call_ns);
        focus.end_ns = std::max(focus.end_ns, belief.end_ns);
    }
    focus.begin_ns = std::max(focus.begin_ns, focus.at_ns - before_max_ns);
    focus.end_ns = std::min(focus.end_ns, focus.at_ns + after_max_ns);
    const std::int64_t margin_ns = (focus.end_ns - focus.begin_ns) / 20 + 1'000'000;
    focus.begin_ns = std::max<std::int64_t>(0, focus.begin_ns - margin_ns);
    focus.end_ns = std::min(account.end_ns, focus.end_ns + margin_ns);
}

}  // namespace

Focus focus_on(const Account& account, const properties::Verdict* verdict) {
    Focus focus{all_objects(account), account.end_ns, 0, account.end_ns, false};
    if (verdict == nullptr) return focus;
    focus.violated = true;
    focus.at_ns = focus.begin_ns = focus.end_ns = verdict->at_ns;
    // Some verdicts are about a client or a member; then all that it may have used is shown.
    if (focus.objects.contains(verdict->object)) focus.objects = {verdict->object};
    widen(account, focus);
    return focus;
}

const scenarios::Judgement* violation_of(const scenarios::RunResult& run,
                                         const std::string& property) {
    const scenarios::Judgement* chosen = nullptr;
    for (const scenarios::Judgement& judgement : run.judgements) {
        if (judgement.verdict.outcome != properties::Outcome::violated) continue;
        if (judgement.verdict.property == property) return &judgement;
        if (chosen == nullptr || (judgement.claimed && !chosen->claimed)) chosen = &judgement;
    }
    return chosen;
}

std::vector<bool> messages_about(const Account& account, const std::set<std::string>& objects) {
    std::vector<bool> about;
    std::map<std::uint64_t, std::int64_t> asked_ns;  // by connection: a question waits since then
    std::set<std::uint64_t> again;  // connections on which it has to be put in full
    for (const Account::Message& message : account.messages) {
        const bool named = std::any_of(objects.begin(), objects.end(), [&](const auto& object) {
            return scenarios::names(message.text, object);
        });
        const auto asked = asked_ns.find(message.connection);
        const bool answers =
            message.reply && asked != asked_ns.end() && message.sent_ns >= asked->second;
        if (answers) asked_ns.erase(asked);
        // A script that the server does not have is sent whole, and too long to be kept whole.
        const bool repeats = !message.reply && again.erase(message.connection) > 0;
        if (answers && message.text.find("NOSCRIPT") != std::string::npos)
            again.insert(message.connection);
        if ((named || repeats) && !message.reply && message.received_ns != properties::never_ns)
            asked_ns[message.connection] = message.received_ns;
        about.push_back(named || answers || repeats);
    }
    return about;
}

std::string moment_text(std::int64_t nanoseconds) {
    char text[32];
    std::snprintf(text, sizeof text, "%lld.%06lld s",
                  static_cast<long long>(nanoseconds / 1'000'000'000),
                  static_cast<long long>(nanoseconds / 1'000 % 1'000'000));
    return text;
}

}  // namespace conclave::tool
