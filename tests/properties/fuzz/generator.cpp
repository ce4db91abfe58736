#include "generator.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace conclave::fuzz {

using properties::Action;
using properties::Call;
using properties::Calls;
using properties::Model;
using properties::Status;
using properties::TextId;

std::uint64_t Dice::next() {
    std::uint64_t value = (state_ += 0x9e3779b97f4a7c15ULL);
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

namespace {

struct Span {
    std::int64_t call_ns, return_ns, effect_ns;
    std::uint32_t session;
};

class Author {
public:
    Author(const Wishes& wishes, std::uint64_t seed) : wishes_(wishes), dice_(seed) {}

    Calls write() {
        const std::uint32_t count =
            wishes_.calls_min + dice_.below(wishes_.calls_max - wishes_.calls_min + 1);
        const std::vector<Span> spans = draw_spans(count);
        skew_percent_ = dice_.chance(35) ? 0 : wishes_.lies_percent;
        history_.calls.resize(count);
        std::vector<std::uint32_t> by_effect(count);
        for (std::uint32_t i = 0; i < count; ++i) by_effect[i] = i;
        std::stable_sort(by_effect.begin(), by_effect.end(), [&](std::uint32_t a, std::uint32_t b) {
            return spans[a].effect_ns < spans[b].effect_ns;
        });
        for (const std::uint32_t i : by_effect) history_.calls[i] = draw_call(spans[i]);
        for (int spoils = 0; spoils < 2; ++spoils)
            if (dice_.chance(35)) spoil_one();
        if (wishes_.partitions) add_partition();
        if (wishes_.messages && dice_.chance(66)) add_messages();
        if (dice_.chance(33)) number_commits(by_effect);
        return std::move(history_);
    }

private:
    /// Sessions await their calls, mostly; what is called at the instant of a return is common.
    std::vector<Span> draw_spans(std::uint32_t count) {
        const std::uint32_t sessions = 2 + dice_.below(3);
        const bool impatient = dice_.chance(15);
        std::vector<std::int64_t> free_ns(sessions, 0);
        std::vector<Span> spans;
        for (std::uint32_t i = 0; i < count; ++i) {
            const std::uint32_t session = dice_.below(sessions);
            const std::int64_t call_ns = free_ns[session] + dice_.below(4);
            const std::int64_t return_ns = call_ns + dice_.below(6);
            const auto width = static_cast<std::uint32_t>(return_ns - call_ns + 1);
            spans.push_back({call_ns, return_ns, call_ns + dice_.below(width), session});
            free_ns[session] = impatient ? call_ns : return_ns;
        }
        std::stable_sort(spans.begin(), spans.end(),
                         [](const Span& a, const Span& b) { return a.call_ns < b.call_ns; });
        return spans;
    }

    Call draw_call(const Span& span) {
        Call call;
        call.call_ns = span.call_ns;
        call.return_ns = span.return_ns;
        call.session = name("p", span.session);
        call.object = name("x", dice_.below(wishes_.objects));
        call.status = Status::ok;
        const std::uint32_t fate = dice_.below(100);
        const bool unknown = fate < 16;
        const bool lost = unknown && dice_.chance(50);
        if (unknown) call.status = Status::unknown;
        if (fate >= 97) call.status = Status::failed;
        act(call, span, lost || fate >= 97);
        if (unknown) call.return_ns = properties::never_ns;
        return call;
    }

    void act(Call& call, const Span& span, bool without_effect) {
        switch (wishes_.model) {
            case Model::register_:
            case Model::cas_register: return act_register(call, without_effect);
            case Model::mutex:
            case Model::lease:
            case Model::leader: return act_lock(call, span, without_effect);
            case Model::group:
            case Model::capabilities: return act_member(call, span, without_effect);
            case Model::tokens: break;
        }
        call.action = Action::acquire;
        call.argument = call.session;
        call.agreed = !dice_.chance(10);
        std::int64_t& token = tokens_[call.object];
        if (call.agreed && !without_effect) call.token = token += 1 + dice_.below(2);
        if (call.agreed && dice_.chance(skew_percent_)) call.token = dice_.below(4);
    }

    TextId name(const char* prefix, std::uint32_t number) {
        return history_.text(prefix + std::to_string(number));
    }

    TextId new_value() {
        if (wishes_.unique) return name("v", ++values_);
        return name("v", dice_.below(3));
    }

    void act_register(Call& call, bool without_effect) {
        TextId& value = registers_[call.object];
        const std::uint32_t kind = dice_.below(wishes_.model == Model::cas_register ? 10 : 6);
        if (kind < 3) {
            call.action = Action::read;
            call.result = dice_.chance(skew_percent_) ? some_value() : value;
            return;
        }
        call.action = kind < 6 ? Action::write : Action::cas;
        if (kind >= 6) {
            call.argument = dice_.chance(60) ? value : some_value();
            call.second = dice_.chance(5) ? call.argument : new_value();
            call.agreed = call.argument == value;
            if (dice_.chance(skew_percent_)) call.agreed = !call.agreed;
            if (call.agreed && !without_effect) value = call.second;
            return;
        }
        call.argument = new_value();
        if (!without_effect) value = call.argument;
    }

    TextId some_value() {
        const std::uint32_t among = wishes_.unique ? values_ + 1 : 4;
        const std::uint32_t number = dice_.below(among + 1);
        return number == among ? 0 : name("v", number);
    }

    struct Held {
        TextId owner = 0;
        std::int64_t until_ns = properties::never_ns;
    };

    void act_lock(Call& call, const Span& span, bool without_effect) {
        Held& held = locks_[call.object];
        if (held.until_ns <= span.effect_ns && wishes_.model != Model::mutex) held = Held{};
        call.argument = call.session;
        const bool leads = wishes_.model == Model::leader;
        if (leads && dice_.chance(25)) call.argument = name("o", span.session);
        const bool mine = held.owner == call.argument;
        const std::uint32_t kind = dice_.below(100);
        if (leads && kind < 25) return read_leader(call, held.owner);
        const bool flip = dice_.chance(skew_percent_);
        if (kind < 30 && held.owner != 0 && dice_.chance(10)) {
            call.action = Action::expire;
            call.argument = held.owner;
            if (!without_effect) held = Held{};
            return;
        }
        if (mine && kind < 45) {
            call.action = Action::renew;
            draw_ttl(call);
            call.agreed = !flip;
            if (call.agreed && !without_effect) held = {call.argument, until(call)};
        } else if (mine ? kind < 90 : kind < 35) {
            call.action = Action::release;
            call.agreed = mine != flip;
            if (mine && !without_effect) held = Held{};
        } else {
            call.action = Action::acquire;
            draw_ttl(call);
            if (leads) call.second = acts_for(call.argument);
            call.agreed = (held.owner == 0) != flip;
            if (held.owner == 0 && !without_effect) held = {call.argument, until(call)};
        }
    }

    void read_leader(Call& call, TextId owner) {
        call.action = Action::read;
        call.argument = 0;
        call.result = owner == 0 || acts_for(owner) == 0 ? owner : acts_for(owner);
        if (!dice_.chance(skew_percent_)) return;
        const char* const kind = dice_.chance(50) ? "p" : "m";
        call.result = dice_.chance(20) ? 0 : name(kind, dice_.below(2));
    }

    /// One of two members, so that owners share them; 0 for those that act for nobody else.
    TextId acts_for(TextId owner) {
        const auto [found, fresh] = members_.emplace(owner, 0);
        if (fresh && dice_.chance(70)) found->second = name("m", dice_.below(2));
        return found->second;
    }

    void draw_ttl(Call& call) {
        if (dice_.chance(70)) call.ttl_ns = 1 + dice_.below(8);
    }
    static std::int64_t until(const Call& call) {
        return call.ttl_ns == 0 ? properties::never_ns : call.return_ns + call.ttl_ns;
    }

    void act_member(Call& call, const Span& span, bool without_effect) {
        std::map<TextId, Held>& present = groups_[call.object];
        if (wishes_.model == Model::group)
            std::erase_if(present, [&](const auto& member) {
                return member.second.until_ns <= span.effect_ns;
            });
        const std::uint32_t kind = dice_.below(100);
        if (wishes_.model == Model::group && kind < 40) return read_group(call, present);
        call.argument = name("m", dice_.below(3));
        if (wishes_.unique && kind < 70) call.argument = name("m", ++values_);
        if (wishes_.unique && kind >= 70 && values_ > 0)
            call.argument = name("m", 1 + dice_.below(values_));
        const bool there = present.contains(call.argument);
        const bool flip = dice_.chance(skew_percent_);
        if (wishes_.model == Model::capabilities && kind < 40) {
            call.action = Action::read;
            call.result = there ? present[call.argument].owner : 0;
            if (flip) call.result = dice_.chance(50) ? 0 : name("c", dice_.below(3));
            return;
        }
        call.agreed = (kind < 70 ? !there : there) != flip;
        // Capabilities have no leases: all that ends of itself ends so.
        if (!wishes_.unique && dice_.chance(wishes_.model == Model::group ? 4 : 10)) {
            call.action = Action::expire;
            call.agreed = true;
            if (!without_effect) present.erase(call.argument);
        } else if (wishes_.model == Model::capabilities && kind >= 85) {
            call.action = Action::update;
            call.second = name("c", dice_.below(3));
            if (there && !without_effect) present[call.argument].owner = call.second;
        } else if (kind < 70) {
            call.action = Action::join;
            if (wishes_.model == Model::capabilities && !dice_.chance(10))
                call.second = name("c", dice_.below(3));
            if (wishes_.model == Model::group && dice_.chance(50)) call.ttl_ns = 1 + dice_.below(6);
            if (!there && !without_effect) present[call.argument] = {call.second, until(call)};
        } else {
            call.action = Action::leave;
            if (!without_effect) present.erase(call.argument);
        }
    }

    void read_group(Call& call, const std::map<TextId, Held>& present) {
        call.action = Action::members;
        std::set<TextId> listed;
        for (const auto& [member, held] : present) listed.insert(member);
        if (dice_.chance(skew_percent_)) {
            const TextId member = name("m", dice_.below(3));
            if (!listed.erase(member)) listed.insert(member);
        }
        call.result = history_.list({listed.begin(), listed.end()});
    }

    /// Moves one call in time: its answer may then come too late or too early.
    void spoil_one() {
        Call& call = history_.calls[dice_.below(static_cast<std::uint32_t>(history_.calls.size()))];
        const std::int64_t shift_ns = 2 + dice_.below(8);
        call.call_ns += shift_ns;
        if (call.status != Status::unknown) call.return_ns += shift_ns;
    }

    /// The order of the store's commits, or one that is wrong in places.
    void number_commits(const std::vector<std::uint32_t>& by_effect) {
        std::int64_t next = 0;
        for (const std::uint32_t i : by_effect) {
            Call& call = history_.calls[i];
            next += 2;
            if (call.status == Status::unknown && dice_.chance(50)) continue;
            call.revision = dice_.chance(10) ? next + 5 : next;
        }
        for (std::uint32_t i = 0; i < history_.calls.size(); ++i) {
            if (history_.calls[i].ttl_ns == 0 || dice_.chance(60)) continue;
            history_.lease_ends.push_back({i, 1 + 2 * std::int64_t{dice_.below(8)}});
        }
    }

    /// Half of them are sent when some call returns, and received when one is called: there the order
    /// of the history counts. Half take no time.
    void add_messages() {
        const auto count = static_cast<std::uint32_t>(history_.calls.size());
        const std::uint32_t messages = 1 + dice_.below(6);
        for (std::uint32_t i = 0; i < messages; ++i) {
            properties::Message message;
            message.from = name("p", dice_.below(4));
            message.to = name("p", dice_.below(4));
            const Call& sender = history_.calls[dice_.below(count)];
            const bool awaits = sender.status != Status::unknown && dice_.chance(50);
            message.sent_ns = awaits ? sender.return_ns : dice_.below(24);
            message.received_ns = message.sent_ns;
            if (dice_.chance(50)) message.received_ns += dice_.below(5);
            message.position = dice_.below(count + 1);
            history_.messages.push_back(message);
        }
    }

    void add_partition() {
        properties::PartitionWindow window;
        window.begin_ns = dice_.below(5);
        window.end_ns =
            dice_.chance(20) ? properties::never_ns : window.begin_ns + 2 + dice_.below(16);
        window.sides = {{name("s", 0)}, {name("s", 1), name("s", 2)}};
        if (dice_.chance(20)) window.sides = {{name("s", 0)}, {name("s", 1)}, {name("s", 2)}};
        history_.partitions.push_back(window);
        for (Call& call : history_.calls) call.server = name("s", dice_.below(3));
    }

    Wishes wishes_;
    Dice dice_;
    Calls history_;
    std::uint32_t skew_percent_ = 0;
    std::uint32_t values_ = 0;
    std::map<TextId, TextId> registers_;
    std::map<TextId, Held> locks_;
    std::map<TextId, TextId> members_;  ///< for whom owners act
    std::map<TextId, std::map<TextId, Held>> groups_;
    std::map<TextId, std::int64_t> tokens_;
};

}  // namespace

Calls draw_history(const Wishes& wishes, std::uint64_t seed) {
    return Author(wishes, seed).write();
}

}  // namespace conclave::fuzz
