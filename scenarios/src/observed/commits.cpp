#include "conclave/scenarios/observed/commits.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

namespace conclave::scenarios {

using properties::Action;
using properties::Call;
using properties::Calls;
using properties::Status;
using properties::TextId;

namespace {

class Linker {
public:
    Linker(Calls& history, const std::vector<Commit>& commits)
        : history_(history), commits_(commits), taken_(commits.size(), false) {
        for (std::size_t i = 0; i < commits.size(); ++i)
            by_name_[{commits[i].action, commits[i].object, commits[i].name}].push_back(i);
    }

    void run() {
        for (const bool known : {true, false})
            for (Call& call : history_.calls)
                if (call.status == (known ? Status::ok : Status::unknown)) link(call);
        end_leases();
    }

private:
    /// A renewal that was repeated took effect again: the last one begins its lease.
    void link(Call& call) {
        if (call.status == Status::ok && !call.agreed) return;
        const auto found = by_name_.find({call.action, call.object, call.argument});
        if (found == by_name_.end()) return;
        std::optional<std::size_t> commit;
        for (const std::size_t each : found->second) {
            const std::int64_t at_ns = commits_[each].at_ns;
            const bool late = call.status == Status::ok && at_ns > call.return_ns;
            if (taken_[each] || at_ns < call.call_ns || late) continue;
            if (!commit || (call.action == Action::renew && call.status == Status::ok)) commit = each;
        }
        if (!commit) return;
        taken_[*commit] = true;
        call.revision = static_cast<std::int64_t>(*commit);
    }

    void end_leases() {
        std::map<std::pair<TextId, TextId>, std::map<std::int64_t, std::uint32_t>> begun;
        for (std::uint32_t i = 0; i < history_.calls.size(); ++i) {
            const Call& call = history_.calls[i];
            if (call.ttl_ns > 0 && call.revision != properties::absent_number)
                begun[{call.object, call.argument}].emplace(call.revision, i);
        }
        for (std::size_t i = 0; i < commits_.size(); ++i) {
            const Commit& commit = commits_[i];
            const auto leases = begun.find({commit.object, commit.name});
            if (commit.action != Action::expire || leases == begun.end()) continue;
            const auto revision = static_cast<std::int64_t>(i);
            const auto next = leases->second.lower_bound(revision);
            if (next == leases->second.begin()) continue;
            history_.lease_ends.push_back({std::prev(next)->second, revision});
        }
        std::sort(history_.lease_ends.begin(), history_.lease_ends.end(),
                  [](const auto& a, const auto& b) {
                      return std::pair(a.call, a.revision) < std::pair(b.call, b.revision);
                  });
    }

    Calls& history_;
    const std::vector<Commit>& commits_;
    std::vector<bool> taken_;
    std::map<std::tuple<Action, TextId, TextId>, std::vector<std::size_t>> by_name_;
};

}  // namespace

void link_commits(Calls& history, const std::vector<Commit>& commits) {
    if (!commits.empty()) Linker(history, commits).run();
}

}  // namespace conclave::scenarios
