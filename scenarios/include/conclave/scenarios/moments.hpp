#pragma once

// What can happen in a run and is worth a name: milestones that say whether a sweep met what it is
// there for, anchors that faults hang on, and the mechanisms by which simulated servers behave as they
// do. Drivers know nothing of this: what they tell their Observer counts.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "conclave/environment.hpp"
#include "conclave/time.hpp"

namespace conclave::scenarios {

/// A name and what it says, for `sim list milestones`.
struct Milestone {
    std::string_view name;
    std::string_view meaning;
};
/// All of them, sorted by name. A name with a point in it was told to an Observer.
const std::vector<Milestone>& milestones();
bool is_milestone(std::string_view name);
/// Whether a simulated server behaved so of its own, as `sentinel.old_master_demotion`.
bool is_mechanism(std::string_view name);

/// "c1 acquired #2": the second time that c1 acquired.
struct Anchor {
    std::string who;    ///< the process; empty when the text is none
    std::string what;   ///< a milestone
    std::uint64_t ordinal = 1;
};
/// `who` is empty when the text is no anchor.
Anchor parse_anchor(std::string_view text);

/// Counts what happens in one run. Single-threaded.
class Moments {
public:
    /// `now` tells the world's time in ns. `other`, if any, is told all that Observers are.
    explicit Moments(std::function<std::int64_t()> now, Observer* other = nullptr)
        : now_(std::move(now)), other_(other) {}

    /// `who` is a process; `what` a milestone. Runs what waits for it.
    void happened(const std::string& who, std::string_view what);
    /// The same several times, where it is known only afterwards; nothing waits for it.
    void counted(std::string_view what, std::uint64_t times);
    /// Runs `action` at that moment: inside the process, so it must not park.
    void when(const Anchor& anchor, std::function<void()> action);
    const std::map<std::string, std::uint64_t, std::less<>>& counts() const noexcept {
        return counts_;
    }

    /// To whom it happened last; empty when it has not.
    const std::string& last_of(std::string_view what) const;
    /// Whether the lease of a lock on `object` has run out at its server within `length` before now.
    bool expired_within(std::string_view object, Duration length) const;

    /// What `who` tells its Observer; lives as long as this.
    Observer& observer_of(const std::string& who);

private:
    class Ear;
    void told(const std::string& who, const Event& event);
    void key_expired(std::string_view detail);

    std::function<std::int64_t()> now_;
    Observer* other_;
    std::map<std::string, std::int64_t, std::less<>> lock_expired_ns_;  ///< by the server's key
    std::map<std::string, std::uint64_t, std::less<>> counts_;
    std::map<std::string, std::string, std::less<>> last_;
    std::map<std::pair<std::string, std::string>, std::uint64_t> ordinals_;
    std::multimap<std::pair<std::string, std::string>,
                  std::pair<std::uint64_t, std::function<void()>>> waiting_;
    std::map<std::string, std::shared_ptr<Observer>> ears_;
};

}  // namespace conclave::scenarios
