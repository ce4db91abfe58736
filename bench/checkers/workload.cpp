#include "workload.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace conclave::bench {

using namespace properties;

namespace {

class Store {
public:
    explicit Store(const Workload& workload) : workload_(workload) {}

    Calls run() {
        history_.calls.reserve(workload_.calls);
        if (workload_.model == Model::mutex && workload_.blocking) return run_queue();
        spread();
        std::vector<std::uint32_t> by_effect(workload_.calls);
        for (std::uint32_t i = 0; i < workload_.calls; ++i) by_effect[i] = i;
        std::sort(by_effect.begin(), by_effect.end(), [&](std::uint32_t a, std::uint32_t b) {
            return std::pair(effect_ns_[a], a) < std::pair(effect_ns_[b], b);
        });
        const std::uint32_t spoil = workload_.calls / 4 * 3;
        bool spoiled = !workload_.violation;
        for (std::uint32_t i = 0; i < workload_.calls; ++i) {
            Call& call = history_.calls[by_effect[i]];
            answer(call);
            if (!spoiled && i >= spoil) spoiled = tell_a_lie(call);
        }
        return std::move(history_);
    }

private:
    std::uint32_t below(std::uint32_t bound) {
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t value = (state_ ^ (state_ >> 30)) * 0xbf58476d1ce4e5b9ULL;
        value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
        return static_cast<std::uint32_t>((value >> 33) * bound >> 31);
    }

    /// Clients queue for the lock; each is served in the order of its call.
    Calls run_queue() {
        std::set<std::pair<std::int64_t, std::uint32_t>> waiting;
        for (std::uint32_t i = 0; i < workload_.clients; ++i) waiting.emplace(1 + below(300), i);
        std::int64_t free_ns = 0;
        while (history_.calls.size() + 2 <= workload_.calls) {
            const auto [call_ns, client] = *waiting.begin();
            waiting.erase(waiting.begin());
            const std::int64_t held_ns = std::max(call_ns, free_ns) + below(50);
            const Call& acquire = add_queued(client, Action::acquire, call_ns, held_ns);
            const std::int64_t release_ns = acquire.return_ns + 1 + below(100);
            free_ns = release_ns + below(50);
            const Call& release = add_queued(client, Action::release, release_ns, free_ns);
            waiting.emplace(release.return_ns + 1 + below(300), client);
        }
        if (workload_.violation) return_too_early();
        return std::move(history_);
    }

    /// One acquire that returned before the hold ahead of it was released.
    void return_too_early() {
        for (std::size_t i = history_.calls.size() / 8 * 6; i < history_.calls.size(); i += 2) {
            const std::int64_t released_ns = history_.calls[i - 1].call_ns;
            if (history_.calls[i].call_ns >= released_ns) continue;
            history_.calls[i].return_ns = released_ns - 1;
            return;
        }
    }

    const Call& add_queued(std::uint32_t client, Action action, std::int64_t call_ns,
                           std::int64_t effect_ns) {
        Call call;
        call.session = call.argument = history_.text("c" + std::to_string(client));
        call.object = history_.text("x");
        call.action = action;
        call.status = Status::ok;
        call.call_ns = call_ns;
        call.return_ns = effect_ns + 1 + below(50);
        return history_.calls.emplace_back(call);
    }

    /// Every client calls, waits for the answer, thinks a little, and calls again.
    void spread() {
        std::vector<std::int64_t> free_ns(workload_.clients, 0);
        const TextId object = history_.text("x");
        for (std::uint32_t i = 0; i < workload_.calls; ++i) {
            const std::uint32_t client = i % workload_.clients;
            Call call;
            call.session = history_.text("c" + std::to_string(client));
            call.object = object;
            call.call_ns = free_ns[client] + 1 + below(300);
            call.return_ns = call.call_ns + 1 + below(1000);
            call.status = Status::ok;
            const auto width = static_cast<std::uint32_t>(call.return_ns - call.call_ns);
            effect_ns_.push_back(call.call_ns + below(width));
            free_ns[client] = call.return_ns;
            history_.calls.push_back(call);
        }
    }

    void answer(Call& call) {
        switch (workload_.model) {
            case Model::mutex: return answer_lock(call);
            case Model::group: return answer_group(call);
            default: return answer_register(call);
        }
    }

    TextId fresh() { return history_.text("v" + std::to_string(++values_)); }

    void answer_register(Call& call) {
        const std::uint32_t kind = below(workload_.model == Model::cas_register ? 4 : 2);
        if (kind == 0) {
            call.action = Action::read;
            call.result = value_;
        } else if (kind == 1) {
            call.action = Action::write;
            older_ = value_;
            value_ = call.argument = fresh();
        } else {
            call.action = Action::cas;
            call.argument = below(2) == 0 ? value_ : older_;
            call.second = fresh();
            call.agreed = call.argument == value_;
            if (!call.agreed) return;
            older_ = value_;
            value_ = call.second;
        }
    }

    void answer_lock(Call& call) {
        call.argument = call.session;
        if (value_ == call.session) {
            call.action = Action::release;
            value_ = 0;
        } else {
            call.action = Action::acquire;
            call.agreed = value_ == 0;
            if (call.agreed) value_ = call.session;
        }
    }

    void answer_group(Call& call) {
        const std::uint32_t kind = below(3);
        if (kind == 0) {
            call.action = Action::members;
            call.result = history_.list({members_.begin(), members_.end()});
        } else if (kind == 1 && members_.size() < workload_.clients) {
            call.action = Action::join;
            call.argument = history_.text("m" + std::to_string(++values_));
            members_.insert(call.argument);
        } else if (!members_.empty()) {
            auto gone = members_.begin();
            std::advance(gone, below(static_cast<std::uint32_t>(members_.size())));
            call.action = Action::leave;
            call.argument = *gone;
            members_.erase(gone);
        } else {
            call.action = Action::members;
        }
    }

    /// False when this call cannot be made to contradict the others.
    bool tell_a_lie(Call& call) {
        if (workload_.model == Model::mutex) {
            if (call.action != Action::acquire || call.agreed || value_ == 0) return false;
            call.agreed = true;  // while another holds it, and releases it later
            return true;
        }
        if (call.action == Action::members) {
            if (members_.empty()) return false;
            call.result = history_.list({*members_.begin(), history_.text("m1")});
            return true;
        }
        if (call.action != Action::read) return false;
        call.result = history_.text("v1");  // long overwritten
        return true;
    }

    Workload workload_;
    Calls history_;
    std::vector<std::int64_t> effect_ns_;
    std::uint64_t state_ = 20240601;
    std::uint32_t values_ = 0;
    TextId value_ = 0, older_ = 0;
    std::set<TextId> members_;
};

}  // namespace

Calls generate(const Workload& workload) { return Store(workload).run(); }

}  // namespace conclave::bench
