#include "messages.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace conclave::properties {

namespace {

using Indices = std::vector<std::uint32_t>;

/// An instant, and a place in the history: what happens at one instant happens as it stands there.
using Moment = std::pair<std::int64_t, std::uint32_t>;

constexpr std::size_t known_max = 8'000'000;  ///< 24 bytes each
constexpr std::size_t edges_max = 1 << 22;    ///< 8 bytes each, besides eight a message

[[noreturn]] void refuse(const char* what, std::size_t most) {
    throw std::length_error("messages between sessions: more than " + std::to_string(most) + " " +
                            what);
}

/// The calls of one session, in two orders.
struct Thread {
    Indices by_call;                   ///< all
    std::vector<Moment> first_return;  ///< of those that return, from each place of by_call on
    Indices by_return;                 ///< those that return
    std::vector<Moment> last_call;     ///< of those up to each place of by_return
};

/// That somebody knows what `session` had been answered before `until`.
struct Known {
    TextId session = 0;
    Moment until;
};
using Knowledge = std::vector<Known>;  ///< by session

/// Whether it was news.
bool learn(Knowledge& knowledge, const Known& news) {
    const auto found = std::lower_bound(
        knowledge.begin(), knowledge.end(), news.session,
        [](const Known& known, TextId wanted) { return known.session < wanted; });
    if (found == knowledge.end() || found->session != news.session)
        return knowledge.insert(found, news), true;
    if (news.until <= found->until) return false;
    return found->until = news.until, true;
}

/// What each session knows of the others from each message on that it received.
class Tellings {
public:
    /// Whether what `session` received by `since` need not be kept until `until`.
    using Forgets = std::function<bool(TextId session, Moment since, Moment until)>;

    Tellings(const Calls& history, bool instant_only, Forgets forgets)
        : history_(history), forgets_(std::move(forgets)) {
        Indices order;
        for (std::uint32_t i = 0; i < history.messages.size(); ++i) {
            const Message& message = history.messages[i];
            if (!instant_only || message.sent_ns == message.received_ns) order.push_back(i);
        }
        // What a message depends on was received before it: a session sends what it has received.
        std::sort(order.begin(), order.end(),
                  [&](std::uint32_t a, std::uint32_t b) { return place(a) < place(b); });
        for (const std::uint32_t number : order) receive(number);
    }

    /// One message that was received.
    struct Letter {
        std::uint32_t message = 0;
        Moment arrival;
        Knowledge known;          ///< with it, but for what may be forgotten
        std::vector<Known> news;  ///< what of that was not known before
    };
    const std::map<TextId, std::vector<Letter>>& letters() const noexcept { return letters_; }

private:
    using Place = std::tuple<std::int64_t, std::uint32_t, std::uint32_t>;
    Place place(std::uint32_t number) const {
        const Message& message = history_.messages[number];
        return {message.received_ns, message.position, number};
    }

    void receive(std::uint32_t number) {
        const Message& message = history_.messages[number];
        std::vector<Letter>& mine = letters_[message.to];
        Letter letter{number, {message.received_ns, message.position}, {}, {}};
        if (!mine.empty() && !forgets_(message.to, mine.back().arrival, letter.arrival))
            letter.known = mine.back().known;
        const auto note = [&](const Known& known) {
            if (learn(letter.known, known)) letter.news.push_back(known);
        };
        const Moment sent{message.sent_ns, message.position};
        note({message.from, sent});
        const std::vector<Letter>& theirs = letters_[message.from];
        const Place sending{message.sent_ns, message.position, number};
        const auto later = std::partition_point(
            theirs.begin(), theirs.end(),
            [&](const Letter& each) { return place(each.message) < sending; });
        if (later != theirs.begin() && !forgets_(message.from, (later - 1)->arrival, sent))
            std::for_each((later - 1)->known.begin(), (later - 1)->known.end(), note);
        count_ += letter.known.size() + letter.news.size();
        if (count_ > known_max) refuse("facts about who knows of whom", known_max);
        mine.push_back(std::move(letter));
    }

    const Calls& history_;
    const Forgets forgets_;
    std::map<TextId, std::vector<Letter>> letters_;  ///< by receiver, as received
    std::size_t count_ = 0;
};

class Edges {
public:
    Edges(const Calls& history, std::span<const std::uint32_t> which) : history_(history) {
        for (const std::uint32_t call : which) {
            const Call& mine = at(call);
            if (mine.status == Status::failed || mine.action == Action::expire) continue;
            threads_[mine.session].by_call.push_back(call);
        }
        for (auto& [session, thread] : threads_) sort(thread);
    }

    std::vector<Edge> of_sessions() {
        // A call in between stands for all that had been told before it.
        const Tellings tellings(history_, false, [this](TextId session, Moment since, Moment until) {
            return called_between(session, since, until);
        });
        for (const auto& [to, letters] : tellings.letters())
            for (const Tellings::Letter& letter : letters)
                for (const Known& known : letter.news)
                    if (known.session != to) join(known, to, letter.arrival);
        return std::move(edges_);
    }

    std::vector<Edge> of_instants() {
        const Tellings tellings(history_, true, [](TextId, Moment since, Moment until) {
            return since.first < until.first;
        });
        for (const auto& [to, letters] : tellings.letters())
            for (const Tellings::Letter& letter : letters)
                for (const Known& known : letter.known)
                    if (known.session != to) join_instants(known, to, letter.arrival);
        const auto key = [](const Edge& edge) { return std::pair(edge.before, edge.after); };
        std::sort(edges_.begin(), edges_.end(),
                  [&](const Edge& a, const Edge& b) { return key(a) < key(b); });
        edges_.erase(std::unique(edges_.begin(), edges_.end(),
                                 [&](const Edge& a, const Edge& b) { return key(a) == key(b); }),
                     edges_.end());
        return std::move(edges_);
    }

private:
    const Call& at(std::uint32_t call) const { return history_.calls[call]; }
    Moment called(std::uint32_t call) const { return {at(call).call_ns, call}; }
    Moment returned(std::uint32_t call) const {
        return {at(call).status == Status::ok ? at(call).return_ns : never_ns, call};
    }
    void sort(Thread& thread) const {
        std::sort(thread.by_call.begin(), thread.by_call.end(),
                  [&](std::uint32_t a, std::uint32_t b) { return called(a) < called(b); });
        for (const std::uint32_t call : thread.by_call)
            if (at(call).status == Status::ok) thread.by_return.push_back(call);
        std::sort(thread.by_return.begin(), thread.by_return.end(),
                  [&](std::uint32_t a, std::uint32_t b) { return returned(a) < returned(b); });
        Moment first{never_ns, UINT32_MAX};
        thread.first_return.resize(thread.by_call.size());
        for (std::size_t i = thread.by_call.size(); i-- > 0;) {
            const std::uint32_t call = thread.by_call[i];
            if (at(call).status == Status::ok) first = std::min(first, returned(call));
            thread.first_return[i] = first;
        }
        Moment last{INT64_MIN, 0};
        for (const std::uint32_t call : thread.by_return)
            thread.last_call.push_back(last = std::max(last, called(call)));
    }

    /// Whether some call was made at `since` or later and answered before `until`.
    bool called_between(TextId session, Moment since, Moment until) const {
        const auto thread = threads_.find(session);
        if (thread == threads_.end()) return false;
        const Indices& all = thread->second.by_call;
        const auto next = std::partition_point(all.begin(), all.end(), [&](std::uint32_t call) {
            return called(call) < since;
        });
        return next != all.end() &&
               thread->second.first_return[static_cast<std::size_t>(next - all.begin())] < until;
    }

    /// The calls of the session that had returned before `until`, but for those that others of them
    /// follow: the one that returned last, and what overlaps it.
    Indices last_known(const Known& known) const {
        const auto thread = threads_.find(known.session);
        if (thread == threads_.end()) return {};
        const Indices& all = thread->second.by_return;
        auto end = std::partition_point(all.begin(), all.end(), [&](std::uint32_t call) {
            return returned(call) < known.until;
        });
        Indices last;
        if (end == all.begin()) return last;
        const Moment last_call =
            thread->second.last_call[static_cast<std::size_t>(end - all.begin() - 1)];
        while (end != all.begin() && returned(*(end - 1)) >= last_call) last.push_back(*--end);
        return last;
    }

    /// The calls of `session` from `since` on that follow no other of them.
    Indices first_told(TextId session, Moment since) const {
        const auto thread = threads_.find(session);
        if (thread == threads_.end()) return {};
        const Indices& all = thread->second.by_call;
        auto next = std::partition_point(all.begin(), all.end(), [&](std::uint32_t call) {
            return called(call) < since;
        });
        Indices first;
        if (next == all.end()) return first;
        const Moment return_of_first =
            thread->second.first_return[static_cast<std::size_t>(next - all.begin())];
        for (; next != all.end() && called(*next) <= return_of_first; ++next)
            first.push_back(*next);
        return first;
    }

    void join(const Known& known, TextId to, Moment arrival) {
        const Indices before = last_known(known);
        if (before.empty()) return;
        for (const std::uint32_t after : first_told(to, arrival))
            for (const std::uint32_t each : before) add(each, after);
    }

    void join_instants(const Known& known, TextId to, Moment arrival) {
        const auto from = threads_.find(known.session), there = threads_.find(to);
        if (from == threads_.end() || there == threads_.end()) return;
        if (known.until.first != arrival.first) return;
        const Indices& earlier = from->second.by_return;
        const Indices& later = there->second.by_call;
        const auto end = std::partition_point(
            earlier.begin(), earlier.end(),
            [&](std::uint32_t call) { return returned(call) < known.until; });
        auto after = std::partition_point(
            later.begin(), later.end(),
            [&](std::uint32_t call) { return called(call) < arrival; });
        for (; after != later.end() && at(*after).call_ns == arrival.first; ++after)
            for (auto before = end; before != earlier.begin() &&
                                    at(*(before - 1)).return_ns == arrival.first; --before)
                add(*(before - 1), *after);
    }

    void add(std::uint32_t before, std::uint32_t after) {
        const std::size_t most = edges_max + 8 * history_.messages.size();
        if (edges_.size() == most) refuse("pairs of calls, for many of one session overlap", most);
        edges_.push_back({before, after});
    }

    const Calls& history_;
    std::map<TextId, Thread> threads_;
    std::vector<Edge> edges_;
};

}  // namespace

std::vector<Edge> message_edges(const Calls& history, std::span<const std::uint32_t> which) {
    if (history.messages.empty()) return {};
    return Edges(history, which).of_sessions();
}

std::vector<Edge> message_instants(const Calls& history, std::span<const std::uint32_t> which) {
    if (!has_instant_messages(history)) return {};
    return Edges(history, which).of_instants();
}

bool has_instant_messages(const Calls& history) {
    return std::any_of(
        history.messages.begin(), history.messages.end(),
        [](const Message& message) { return message.sent_ns == message.received_ns; });
}

}  // namespace conclave::properties
