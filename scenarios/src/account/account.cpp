#include "conclave/scenarios/account.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

#include "../explain.hpp"
#include "message_text.hpp"

namespace conclave::scenarios {

namespace {

using properties::never_ns;
using sim::TraceKind;
using sim::TraceRecord;
using sim::TraceTransfer;
using Kind = Account::Kind;

constexpr std::string_view process_word = "process ";

/// Walks through the trace and the history at once.
class Teller {
public:
    Teller(const Plan& plan, const RunResult& run) : plan_(plan), run_(run) {
        for (const ClientPlan& client : plan.clients) account_.lanes.push_back({client.name, true});
        for (std::uint32_t subject = 1; subject <= run.trace.subjects(); ++subject) add_lane(subject);
        for (const auto& [hash, text] : run.trace.texts()) texts_.emplace(hash, text);
        account_.operations = run.history.operations;
        account_.end_ns = run.simulated_ns;
    }

    Account tell() {
        const std::vector<TraceRecord>& records = run_.trace.records();
        for (std::size_t index = 0; index < records.size(); ++index) add(records[index], index);
        add_holds(run_.history.locks, " holds ");
        add_holds(run_.history.leaderships, " leads ");
        add_presences();
        add_faults();
        return std::move(account_);
    }

private:
    void add_lane(std::uint32_t subject) {
        const std::string& name = run_.trace.subject_name(subject);
        if (!name.starts_with(process_word)) return;  // a host
        const std::string process = name.substr(process_word.size());
        lanes_[subject] = account_.lane_of(process);
        if (lanes_[subject] == account_.lanes.size()) account_.lanes.push_back({process, false});
    }

    std::size_t lane_named(const std::string& name) {
        const std::size_t lane = account_.lane_of(name);
        if (lane == account_.lanes.size()) account_.lanes.push_back({name, true});
        return lane;
    }

    void add(const TraceRecord& record, std::size_t index) {
        switch (record.kind) {
            case TraceKind::message:
            case TraceKind::delivery: return add_transfer(record, index);
            case TraceKind::operation: return add_operation(record);
            case TraceKind::process:
                return add_text(record, Kind::lived, word_of(record.b));
            case TraceKind::observed: return add_text(record, Kind::told, text_of(record.a));
            case TraceKind::file:
                return add_text(record, Kind::file, text_of(record.a) + ": " + file_outcome(record));
            default: return;  // the scheduler's; faults are told by the Plan
        }
    }

    static std::string word_of(std::uint64_t step) {
        static constexpr const char* words[] = {"starts", "crashes", "is paused", "goes on"};
        return step < std::size(words) ? words[step] : "?";
    }

    static std::string file_outcome(const TraceRecord& record) {
        return std::string(to_string(static_cast<FileStatus>(record.b)));
    }

    const std::string& text_of(std::uint64_t hash) const {
        static const std::string unknown = "?";
        const auto found = texts_.find(hash);
        return found == texts_.end() ? unknown : found->second;
    }

    void add_text(const TraceRecord& record, Kind kind, std::string text) {
        const auto lane = lanes_.find(record.subject);
        if (lane == lanes_.end()) return;
        account_.events.push_back({record.nanoseconds, kind, lane->second, {}, std::move(text)});
    }

    void add_transfer(const TraceRecord& record, std::size_t index) {
        const std::vector<TraceTransfer>& transfers = run_.trace.transfers();
        if (next_transfer_ == transfers.size() || transfers[next_transfer_].record != index) return;
        const TraceTransfer& transfer = transfers[next_transfer_++];
        if (record.kind == TraceKind::message) send(record, transfer);
        else receive(record, transfer);
    }

    void send(const TraceRecord& record, const TraceTransfer& transfer) {
        const std::size_t number = account_.messages.size();
        Account::Message message;
        message.from = lanes_.at(transfer.process);
        const auto other = lanes_.find(transfer.other_end);
        message.to = other == lanes_.end() ? message.from : other->second;
        message.sent_ns = record.nanoseconds;
        message.connection = transfer.connection;
        message.reply = transfer.reply;
        message.bytes = transfer.end - transfer.begin;
        message.text = message_text(transfer.text);
        account_.events.push_back({record.nanoseconds, Kind::sent, message.from, {number}});
        account_.messages.push_back(std::move(message));
        on_their_way_[{transfer.connection, transfer.reply}].push_back({number, transfer.end});
    }

    /// Streams keep their order: what arrives begins with the oldest message on its way.
    void receive(const TraceRecord& record, const TraceTransfer& transfer) {
        std::vector<OnItsWay>& flow = on_their_way_[{transfer.connection, transfer.reply}];
        Account::Event event{record.nanoseconds, Kind::received, lanes_.at(transfer.process)};
        std::size_t whole = 0;
        for (const OnItsWay& each : flow) {
            event.of.push_back(each.message);
            if (each.end <= transfer.end) {
                account_.messages[each.message].received_ns = record.nanoseconds;
                ++whole;
            }
            if (each.end >= transfer.end) break;
        }
        flow.erase(flow.begin(), flow.begin() + static_cast<std::ptrdiff_t>(whole));
        account_.events.push_back(std::move(event));
    }

    /// Records have no names: the n-th call is the n-th operation of the history, and what returns
    /// is an open one of the same hash that returned then.
    void add_operation(const TraceRecord& record) {
        if (record.b == 0) {
            const std::size_t number = next_operation_++;
            if (number >= account_.operations.size()) return;
            open_[record.a].push_back(number);
            return add_operation_event(record, Kind::called, number);
        }
        std::vector<std::size_t>& open = open_[record.a];
        const auto found = std::find_if(open.begin(), open.end(), [&](std::size_t number) {
            return account_.operations[number].return_ns == record.nanoseconds;
        });
        if (found == open.end()) return;
        add_operation_event(record, Kind::returned, *found);
        open.erase(found);
    }

    void add_operation_event(const TraceRecord& record, Kind kind, std::size_t number) {
        const std::size_t lane = lane_named(account_.operations[number].client);
        account_.events.push_back({record.nanoseconds, kind, lane, {number}});
    }

    void add_holds(const std::vector<properties::Hold>& holds, const std::string& verb) {
        for (const properties::Hold& hold : holds) {
            Account::Belief belief;
            belief.lane = lane_named(hold.client);
            belief.object = hold.object;
            belief.what = verb.substr(1) + hold.object + (hold.shared ? ", shared" : "") +
                          (hold.token ? ", token " + std::to_string(hold.token) : "");
            belief.call_ns = hold.call_ns;
            belief.begin_ns = hold.begin_ns;
            belief.end_ns = std::min(hold.end_ns, account_.end_ns);
            belief.end = to_string(hold.end);
            belief.shared = hold.shared;
            account_.beliefs.push_back(std::move(belief));
        }
    }

    void add_presences() {
        for (const properties::Presence& presence : run_.history.presences) {
            Account::Belief belief;
            belief.lane = lane_named(presence.member);
            belief.object = presence.group;
            belief.what = "is a member of " + presence.group;
            belief.call_ns = belief.begin_ns = presence.begin_ns;
            belief.end_ns = std::min(presence.end_ns, account_.end_ns);
            belief.end = "over";
            belief.alone = false;
            account_.beliefs.push_back(std::move(belief));
        }
    }

    void add_faults() {
        for (std::size_t i = 0; i < plan_.faults.size() && i < run_.fault_begin_ns.size(); ++i) {
            const std::int64_t begin_ns = run_.fault_begin_ns[i];
            if (begin_ns == never_ns) continue;
            const Fault& fault = plan_.faults[i];
            Account::FaultSpan span{
                describe(fault), begin_ns,
                std::min(end_of_fault(plan_, fault, begin_ns), std::max(begin_ns, account_.end_ns))};
            for (const auto* side : {&fault.a, &fault.b})
                for (const std::string& host : *side)
                    if (const std::size_t lane = account_.lane_of(host); lane < account_.lanes.size())
                        span.lanes.push_back(lane);
            account_.faults.push_back(std::move(span));
        }
    }

    struct OnItsWay {
        std::size_t message;
        std::uint64_t end;  ///< of it, in the stream
    };

    const Plan& plan_;
    const RunResult& run_;
    Account account_;
    std::map<std::uint32_t, std::size_t> lanes_;  ///< by subject of the trace
    std::map<std::uint64_t, std::string> texts_;
    std::map<std::pair<std::uint64_t, bool>, std::vector<OnItsWay>> on_their_way_;
    std::map<std::uint64_t, std::vector<std::size_t>> open_;
    std::size_t next_transfer_ = 0;
    std::size_t next_operation_ = 0;
};

}  // namespace

std::size_t Account::lane_of(const std::string& name) const {
    std::size_t lane = 0;
    while (lane < lanes.size() && lanes[lane].name != name) ++lane;
    return lane;
}

Account account_of(const Plan& plan, const RunResult& run) { return Teller(plan, run).tell(); }

bool names(const std::string& text, const std::string& object) {
    if (object.empty()) return false;
    for (std::size_t at = text.find(object); at != std::string::npos;
         at = text.find(object, at + 1)) {
        const std::size_t end = at + object.size();
        if (end == text.size() || !std::isdigit(static_cast<unsigned char>(text[end]))) return true;
    }
    return false;
}

}  // namespace conclave::scenarios
