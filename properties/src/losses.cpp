// What was lost, and by what: from the calls, and from those who ended it.

#include <algorithm>
#include <map>

#include "conclave/properties/models.hpp"
#include "conclave/properties/silence.hpp"
#include "standing.hpp"

namespace conclave::properties {

namespace {

using Name = std::pair<TextId, TextId>;  ///< an object, and its owner or member

template <class OfSession>
std::vector<Held> standing_at(const Calls& history, std::int64_t at_ns, OfSession of_session) {
    std::map<Name, Held> held;
    std::vector<std::uint32_t> calls;
    for (std::uint32_t i = 0; i < history.calls.size(); ++i) {
        const Call& call = history.calls[i];
        if (call.call_ns < at_ns && call.status != Status::failed) calls.push_back(i);
    }
    std::stable_sort(calls.begin(), calls.end(), [&](std::uint32_t a, std::uint32_t b) {
        return history.calls[a].call_ns < history.calls[b].call_ns;
    });
    for (const std::uint32_t i : calls) {
        const Call& call = history.calls[i];
        const Name name(call.object, call.argument);
        const bool given = of_session(call.session) && call.status == Status::ok && call.agreed &&
                           call.return_ns < at_ns;
        if (gives(call) && given) held[name] = {call.object, call.argument, i};
        if (takes(call)) held.erase(name);
    }
    std::vector<Held> list;
    for (const auto& [name, each] : held) list.push_back(each);
    return list;
}

/// Goes through the calls in the order of their returns, with what stands by then.
class LossReader {
public:
    LossReader(const Calls& history, Model model, const std::map<TextId, TextId>& place_of)
        : history_(history), model_(model), place_of_(place_of) {}

    std::set<Loss> run() {
        for (std::uint32_t i = 0; i < history_.calls.size(); ++i) {
            const Call& call = history_.calls[i];
            if (call.status == Status::ok) look(call);
        }
        return std::move(losses_);
    }

private:
    void look(const Call& call) {
        const bool owner_asked = call.action == Action::release || call.action == Action::renew ||
                                 call.action == Action::leave;
        if (owner_asked && call.agreed) return;
        if (call.action == Action::acquire && !call.agreed) return;
        const bool reads = call.action == Action::members || call.action == Action::read;
        if (reads && !reads_holders(model_, call)) return;
        const std::vector<Held> after = held_at(history_, call.return_ns);
        for (const Held& held : held_at(history_, call.call_ns)) {
            const bool stands = owner_asked || std::ranges::count(after, held) > 0;
            if (held.object != call.object || !stands) continue;
            const bool own = held.name == call.argument;
            const bool missed = reads && !lists(history_, call, held);
            if (owner_asked ? own : call.action == Action::acquire ? !own : missed)
                note(held);
        }
    }

    void note(const Held& held) {
        const TextId session = history_.calls[held.since].session;
        const auto place = place_of_.find(session);
        losses_.insert({history_.text(place == place_of_.end() ? session : place->second),
                        history_.text(held.object)});
    }

    const Calls& history_;
    Model model_;
    const std::map<TextId, TextId>& place_of_;
    std::set<Loss> losses_;
};

}  // namespace

bool lists(const Calls& history, const Call& read, const Held& held) {
    if (read.action == Action::read)
        return read.result == leader_named_by(history.calls[held.since]);
    if (read.action != Action::members) return false;
    const auto list = history.list(read.result);
    return std::binary_search(list.begin(), list.end(), held.name);
}

std::vector<Held> held_at(const Calls& history, std::int64_t at_ns) {
    return standing_at(history, at_ns, [](TextId) { return true; });
}

std::vector<Held> held_at(const Calls& history, TextId session, std::int64_t at_ns) {
    return standing_at(history, at_ns, [session](TextId each) { return each == session; });
}

std::set<Loss> losses_of(const Calls& history, Model model,
                         const std::map<TextId, TextId>& place_of) {
    Calls asked = history;  // what the environment ended, nobody did
    std::erase_if(asked.calls, [](const Call& call) { return call.action == Action::expire; });
    return LossReader(asked, model, place_of).run();
}

std::vector<CausedEvent> caused_losses(const Calls& history, const std::vector<Ending>& endings) {
    std::vector<CausedEvent> trace;
    for (const Ending& ending : endings) {
        const std::vector<Held> standing = held_at(history, ending.at_ns);
        const bool loss = std::ranges::any_of(standing, [&](const Held& held) {
            return held.object == ending.object && held.name == ending.name;
        });
        const auto cause = static_cast<std::uint32_t>(trace.size());
        trace.push_back(
            {CausedEvent::none, ending.at_ns, ending.cause, ending.silence_timer, false});
        trace.push_back({cause, ending.at_ns,
                         history.text(ending.name) + " lost " + history.text(ending.object), false,
                         loss});
    }
    return trace;
}

}  // namespace conclave::properties
