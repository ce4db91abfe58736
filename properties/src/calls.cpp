#include "conclave/properties/calls.hpp"

#include <algorithm>
#include <stdexcept>

#include "fingerprint.hpp"

namespace conclave::properties {

std::string_view to_string(Action action) noexcept {
    switch (action) {
        case Action::read: return "read";
        case Action::write: return "write";
        case Action::cas: return "cas";
        case Action::acquire: return "acquire";
        case Action::release: return "release";
        case Action::renew: return "renew";
        case Action::expire: return "expire";
        case Action::join: return "join";
        case Action::leave: return "leave";
        case Action::update: return "update";
        case Action::members: return "members";
    }
    return "?";
}

void Calls::tell(TextId from, TextId to, std::int64_t sent_ns, std::int64_t received_ns) {
    if (received_ns < sent_ns)
        throw std::invalid_argument("a message of " + text(from) + " to " + text(to) +
                                    " is received at " + std::to_string(received_ns) +
                                    " ns, before it is sent at " + std::to_string(sent_ns) + " ns");
    messages.push_back({from, to, sent_ns, received_ns, static_cast<std::uint32_t>(calls.size())});
}

TextId& Calls::slot(std::string_view text) {
    std::uint64_t hash = text.size();
    for (const char letter : text) hash = mix(hash ^ static_cast<unsigned char>(letter));
    std::size_t at = hash & (table_.size() - 1);
    while (table_[at] != 0 && view(table_[at]) != text) at = (at + 1) & (table_.size() - 1);
    return table_[at];
}

void Calls::grow() {
    table_.assign(2 * table_.size(), 0);
    for (TextId id = 1; id < text_count(); ++id) slot(view(id)) = id;
}

TextId Calls::text(std::string_view text) {
    if (text == "null") return 0;
    if (4 * texts_.size() >= 3 * table_.size()) grow();
    TextId& known = slot(text);
    if (known != 0) return known;
    known = static_cast<TextId>(text_count());
    letters_ += text;
    texts_.push_back(static_cast<std::uint32_t>(letters_.size()));
    return known;
}

TextId Calls::list(std::vector<TextId> members) {
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
    if (members.empty()) return 0;
    // Reads that follow each other often see the same.
    const auto last = static_cast<TextId>(lists_.size() - 1);
    const std::span<const TextId> before = list(last);
    if (std::equal(before.begin(), before.end(), members.begin(), members.end())) return last;
    // Most of a history of reads is what they saw: room for twice as much would be dear.
    const std::size_t needed = pool_.size() + members.size();
    if (needed > pool_.capacity()) pool_.reserve(needed + needed / 8);
    pool_.insert(pool_.end(), members.begin(), members.end());
    lists_.push_back(static_cast<std::uint32_t>(pool_.size()));
    return static_cast<TextId>(lists_.size() - 1);
}

std::span<const TextId> Calls::list(TextId id) const {
    if (id == 0) return {};
    const std::uint32_t begin = lists_.at(id - 1);
    return std::span(pool_).subspan(begin, lists_.at(id) - begin);
}

Calls part_of(const Calls& history, const std::function<bool(const Call&)>& wanted) {
    Calls part = history;
    part.lease_ends.clear();
    part.calls.clear();
    std::vector<std::uint32_t> kept_before{0};  // of each place in the history
    for (const Call& call : history.calls) {
        if (wanted(call)) part.calls.push_back(call);
        kept_before.push_back(static_cast<std::uint32_t>(part.calls.size()));
    }
    for (Message& message : part.messages)
        message.position = kept_before[std::min<std::size_t>(message.position, history.calls.size())];
    return part;
}

bool precedes(const Call& earlier, const Call& later) noexcept {
    return earlier.status == Status::ok && earlier.return_ns < later.call_ns;
}

bool precedes_in_session(std::span<const Call> calls, std::size_t earlier,
                         std::size_t later) noexcept {
    const Call& first = calls[earlier];
    const Call& second = calls[later];
    if (first.status != Status::ok || first.session != second.session) return false;
    if (first.action == Action::expire || second.action == Action::expire) return false;
    return first.return_ns < second.call_ns ||
           (first.return_ns == second.call_ns && earlier < later);
}

}  // namespace conclave::properties
