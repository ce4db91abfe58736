#pragma once

// Histories drawn by hand: one line a call, times in plain numbers.

#include <initializer_list>
#include <string>

#include "conclave/properties/characteristics.hpp"

namespace conclave::properties {

inline constexpr Outcome held = Outcome::held, violated = Outcome::violated,
                         undecided = Outcome::undecided;

/// When a call was made and when it returned; a call without a return has an unknown outcome.
struct When {
    std::int64_t call;
    std::int64_t end = never_ns;
};

class Drawing {
public:
    explicit Drawing(std::string object = "x") : object_(std::move(object)) {}

    Drawing& on(const std::string& object) { return object_ = object, *this; }
    Drawing& at(const std::string& server) { return server_ = server, *this; }

    Drawing& read(const char* who, const char* value, When when) {
        Call& call = add(who, Action::read, when);
        return call.result = calls.text(value), *this;
    }
    Drawing& write(const char* who, const char* value, When when) {
        Call& call = add(who, Action::write, when);
        return call.argument = calls.text(value), *this;
    }
    Drawing& cas(const char* who, const char* from, const char* to, bool done, When when) {
        Call& call = add(who, Action::cas, when);
        call.argument = calls.text(from);
        call.second = calls.text(to);
        return call.agreed = done, *this;
    }
    Drawing& lock(const char* who, Action action, bool done, When when, std::int64_t ttl = 0) {
        Call& call = add(who, action, when);
        call.argument = calls.text(who);
        call.ttl_ns = ttl;
        return call.agreed = done, *this;
    }
    Drawing& elect(const char* who, const char* owner, const char* member, When when,
                   std::int64_t ttl = 0) {
        Call& call = add(who, Action::acquire, when);
        call.argument = calls.text(owner);
        call.second = calls.text(member);
        return call.ttl_ns = ttl, *this;
    }
    Drawing& token(const char* who, std::int64_t token, When when) {
        Call& call = add(who, Action::acquire, when);
        call.argument = calls.text(who);
        return call.token = token, *this;
    }
    Drawing& member(const char* who, Action action, const char* member, bool done, When when,
                    std::int64_t ttl = 0) {
        Call& call = add(who, action, when);
        call.argument = calls.text(member);
        call.ttl_ns = ttl;
        return call.agreed = done, *this;
    }
    Drawing& members(const char* who, std::initializer_list<const char*> names, When when) {
        std::vector<TextId> list;
        for (const char* name : names) list.push_back(calls.text(name));
        const TextId result = calls.list(std::move(list));
        Call& call = add(who, Action::members, when);
        return call.result = result, *this;
    }
    Drawing& cut(std::initializer_list<std::initializer_list<const char*>> sides, When when) {
        PartitionWindow window{when.call, when.end, {}};
        for (const auto& side : sides) {
            window.sides.emplace_back();
            for (const char* server : side) window.sides.back().push_back(calls.text(server));
        }
        return calls.partitions.push_back(std::move(window)), *this;
    }

    /// Behind what was drawn before it, of which `when` is the sending and the receipt.
    Drawing& tell(const char* from, const char* to, When when) {
        calls.tell(calls.text(from), calls.text(to), when.call, when.end);
        return *this;
    }

    Calls calls;

private:
    Call& add(const char* who, Action action, When when) {
        Call call;
        call.session = calls.text(who);
        call.object = calls.text(object_);
        call.server = server_.empty() ? 0 : calls.text(server_);
        call.action = action;
        call.call_ns = when.call;
        call.return_ns = when.end;
        call.status = when.end == never_ns ? Status::unknown : Status::ok;
        return calls.calls.emplace_back(call);
    }

    std::string object_, server_;
};

}  // namespace conclave::properties
