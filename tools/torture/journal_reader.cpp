#include "journal_reader.hpp"

#include <algorithm>
#include <stdexcept>

namespace conclave::torture {

using nlohmann::json;
using properties::Action;
using properties::Call;
using properties::Status;
using scenarios::Observed;

JournalReader::JournalReader(Merged& merged, const ProcessEnd& end) : merged_(merged), end_(end) {
    end_at_ns_ = since_origin(end.at_ns);
    earlier_joins_ = merged.joins_[end.who.process];
}

void JournalReader::read(const json& line) {
    const std::string what = line.at("what");
    if (what == "begun") return begun(line);
    if (what == "ended") return ended(line);
    if (what == "doubtful")
        doubtful_ = line.at("lives");
    else if (what == "earlier_lives_may_end")
        earlier_lives_may_end(line);
    else if (what == "believes")
        believes(line);
    else if (what == "looked")
        looked(line);
    else if (what == "no_longer_believes")
        no_longer_believes(line);
    else if (what == "read_members")
        read_members(line);
    else if (what == "started")
        started(line);
    else if (what == "stopping")
        released_from_ns_ = time(line, "at_ns");
    else if (what == "gave_up")
        merged_.complaints.push_back(line.at("reason"));
    else
        throw std::runtime_error("it says '" + what + "'");
}

void JournalReader::finish() {
    // Of a killed process what a beat under way brings back was not told.
    if (end_.killed)
        for (const json& life : doubtful_) may_come_back(life);
    expire_what_no_lease_ends();
    for (auto& [number, open] : beliefs_)
        close(open, end_at_ns_,
              end_.killed ? properties::HoldEnd::crashed : properties::HoldEnd::run_over);
}

std::int64_t JournalReader::since_origin(std::int64_t ns) const {
    const bool real = ns != properties::never_ns && ns > 0;
    return real ? ns - merged_.origin_ns_ : ns;
}

std::int64_t JournalReader::time(const json& line, const char* key) const {
    return since_origin(line.at(key).get<std::int64_t>());
}

properties::TextId JournalReader::text(Observed kind, const json& line, const char* key) {
    const std::string value = line.at(key);
    return value.empty() ? 0 : calls(kind).text(value);
}

void JournalReader::begun(const json& line) {
    const Observed kind = kind_of(line);
    Call call;
    call.action = line.at("action").get<Action>();
    call.server = text(kind, line, "place");
    call.object = text(kind, line, "object");
    call.argument = text(kind, line, "argument");
    call.second = text(kind, line, "second");
    call.ttl_ns = line.at("ttl_ns");
    call.call_ns = time(line, "call_ns");
    session_ = line.at("session");
    merged_.log.add(kind, end_.who.process, session_, call);
    const std::size_t index = calls(kind).calls.size() - 1;
    numbers_[{kind, line.at("number").get<std::uint32_t>()}] = index;
    if (call.action == Action::join) merged_.joins_[end_.who.process].push_back(index);
    if (call.action == Action::acquire && call.ttl_ns == 0)
        without_lease_.emplace_back(kind, index);
}

void JournalReader::ended(const json& line) {
    const Observed kind = kind_of(line);
    Call& call = calls(kind).calls[numbers_.at({kind, line.at("number").get<std::uint32_t>()})];
    call.call_ns = time(line, "call_ns");
    call.return_ns = time(line, "return_ns");
    call.status = line.at("status").get<Status>();
    call.agreed = line.at("agreed");
    call.token = line.at("token");
    if (call.action == Action::release && call.status == Status::ok)
        released_.insert(call.argument);
    if (line.contains("read")) {
        call.result = text(kind, line, "read");
        call.object = text(kind, line, "object");
    }
    if (!line.contains("members")) return;
    std::vector<properties::TextId> members;
    for (const json& member : line.at("members"))
        members.push_back(calls(kind).text(member.get<std::string>()));
    call.result = calls(kind).list(std::move(members));
}

// A beat that is withdrawn, or a leave without a join of its own.
void JournalReader::earlier_lives_may_end(const json& line) {
    const properties::TextId group = text(Observed::groups, line, "group");
    for (const std::size_t index : earlier_joins_) {
        Call end = calls(Observed::groups).calls[index];
        if (group != 0 && end.object != group) continue;
        end.action = Action::leave;
        end.ttl_ns = 0;
        add_unknown(end, time(line, "at_ns"));
    }
}

void JournalReader::add_unknown(Call call, std::int64_t call_ns) {
    call.call_ns = call_ns;
    call.return_ns = properties::never_ns;
    call.status = Status::unknown;
    merged_.log.add(Observed::groups, end_.who.process, session_ + "/besides", call);
}

void JournalReader::may_come_back(const json& life) {
    Call call;
    call.action = Action::join;
    call.server = calls(Observed::groups).text(end_.who.process);
    call.object = text(Observed::groups, life, "group");
    call.argument = text(Observed::groups, life, "life");
    call.ttl_ns = life.at("lease_ns");
    add_unknown(call, time(life, "since_ns"));
}

// The operating system frees what a process had locked, some time after its death.
void JournalReader::expire_what_no_lease_ends() {
    for (const auto& [kind, index] : without_lease_) {
        Call expiry = calls(kind).calls[index];
        const bool refused =
            expiry.status == Status::failed || (expiry.status == Status::ok && !expiry.agreed);
        if (refused || released_.contains(expiry.argument)) continue;
        expiry.action = Action::expire;
        expiry.call_ns = std::min(end_at_ns_, released_from_ns_);
        expiry.return_ns = properties::never_ns;
        expiry.status = Status::unknown;
        calls(kind).calls.push_back(expiry);
    }
}

void JournalReader::believes(const json& line) {
    Belief open;
    open.kind = kind_of(line);
    open.hold.client = end_.who.process;
    open.hold.object = line.at("object");
    open.hold.token = line.at("token");
    open.hold.call_ns = time(line, "call_ns");
    open.hold.begin_ns = time(line, "begin_ns");
    open.until_ns = time(line, "until_ns");
    beliefs_.emplace(line.at("belief").get<std::uint64_t>(), std::move(open));
}

void JournalReader::looked(const json& line) {
    Belief& open = beliefs_.at(line.at("belief").get<std::uint64_t>());
    open.until_ns = time(line, "until_ns");
    if (open.kind == Observed::groups) return;
    properties::Look look;
    look.client = open.hold.client;
    look.object = open.hold.object;
    look.token = open.hold.token;
    look.at_ns = time(line, "at_ns");
    look.valid = line.at("valid");
    look.deadline_ns = open.until_ns;
    merged_.history.looks.push_back(std::move(look));
}

void JournalReader::no_longer_believes(const json& line) {
    const auto open = beliefs_.find(line.at("belief").get<std::uint64_t>());
    if (open == beliefs_.end()) throw std::runtime_error("a belief that never began");
    open->second.until_ns = time(line, "until_ns");
    close(open->second, time(line, "at_ns"), properties::HoldEnd::released);
    beliefs_.erase(open);
}

void JournalReader::close(Belief& open, std::int64_t at_ns, properties::HoldEnd end) {
    open.hold.end_ns = std::min(at_ns, open.until_ns);
    open.hold.end = open.hold.end_ns < at_ns ? properties::HoldEnd::lapsed : end;
    properties::History& history = merged_.history;
    if (open.kind == Observed::locks) return history.locks.push_back(open.hold);
    if (open.kind == Observed::leaderships) return history.leaderships.push_back(open.hold);
    history.presences.push_back(
        {open.hold.client, open.hold.object, open.hold.begin_ns, open.hold.end_ns});
    if (end == properties::HoldEnd::crashed)
        history.departures.push_back(
            {open.hold.client, open.hold.object, at_ns, at_ns, since_origin(end_.back_ns)});
}

void JournalReader::read_members(const json& line) {
    merged_.history.reads.push_back({end_.who.process, line.at("group"), time(line, "call_ns"),
                                     time(line, "return_ns"),
                                     line.at("members").get<std::set<std::string>>()});
}

void JournalReader::started(const json& line) {
    Claims claims;
    for (const json& each : line.at("characteristics"))
        claims.characteristics.insert(each.get<Characteristic>());
    for (const json& each : line.at("features")) claims.features.insert(each.get<Feature>());
    merged_.claims = std::move(claims);
}

}  // namespace conclave::torture
