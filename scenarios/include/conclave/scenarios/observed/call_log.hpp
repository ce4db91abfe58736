#pragma once

// What the drivers of one run were asked and answered: the histories that the checkers of the ten
// characteristics judge, recorded at the driver's interface. It knows no world: in simulation one log
// observes every process by the world's clock, and in production each process has a log of its own, by
// the clock of the machine that they share.

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conclave/error.hpp"
#include "conclave/properties/calls.hpp"
#include "conclave/properties/silence.hpp"
#include "conclave/scenarios/observed/call_journal.hpp"
#include "conclave/scenarios/observed/commits.hpp"
#include "conclave/scenarios/observed/group_news.hpp"

namespace conclave::scenarios {

class CallLog {
public:
    /// The common clock of all who are observed, in nanoseconds.
    using Now = std::function<std::int64_t()>;
    /// `journal` outlives the log; null tells nobody.
    explicit CallLog(Now now, CallJournal* journal = nullptr)
        : now_(std::move(now)), journal_(journal) {}

    std::int64_t now() const { return now_(); }  ///< not after close()
    /// The run is over: what its end undoes is no part of it. Pauses and partitions end with it.
    void close();
    bool closed() const noexcept { return !now_; }

    /// One call that has begun.
    struct Mark {
        Observed kind = Observed::locks;
        std::uint32_t index = 0;
    };
    /// Begins a call now, or at `since_ns`, of `call`'s action, object, argument and lease; its outcome
    /// is unknown until it is told. It belongs to the running fiber, in the place from which `owner`
    /// was first used.
    Mark begin(Observed kind, const Incarnation& who, const std::string& owner,
               properties::Call call, std::optional<std::int64_t> since_ns = {});
    properties::Call& at(Mark mark) { return of(mark.kind).calls[mark.index]; }
    /// What else is known of a call is set before.
    void answered(Mark mark, bool agreed);
    void failed(Mark mark, const Error& error);
    /// It was not made: the driver has no such operation. Requires: no call was begun since.
    void withdrawn(Mark mark) { of(mark.kind).calls.resize(mark.index); }
    /// What the beats of this process may still bring back.
    void doubtful(const std::vector<DoubtfulLife>& lives);

    /// Adds a call that another log recorded, and that is in the session `session` of `process`. Its
    /// texts are of of(kind).
    void add(Observed kind, const std::string& process, const std::string& session,
             properties::Call call);

    /// Of the running fiber, which need not have called yet.
    properties::TextId session(Observed kind, const Incarnation& who);
    GroupNews& news() noexcept { return news_; }
    properties::Calls& of(Observed kind) { return histories_[static_cast<std::size_t>(kind)].calls; }
    /// Where each session runs: a client's name.
    const std::map<properties::TextId, properties::TextId>& places(Observed kind) const {
        return histories_[static_cast<std::size_t>(kind)].places;
    }

    /// Each join begins a life of its member, numbered from 1 on.
    std::uint64_t next_life(const std::string& group, const std::string& member) {
        return ++lives_[{group, member}];
    }
    std::uint64_t lives(const std::string& group, const std::string& member) {
        return lives_[{group, member}];
    }
    /// Those in which the member has begun a life.
    std::vector<std::string> groups_of(const std::string& member) const;
    /// Lives that logs of earlier processes numbered may end from now on; no `group` means all.
    void earlier_lives_may_end(const std::string& member, const std::string& group);
    /// What tells the lives apart that this log numbers from those of other logs.
    const std::string& life_prefix() const noexcept { return life_prefix_; }
    void set_life_prefix(std::string prefix) { life_prefix_ = std::move(prefix); }
    /// The running fiber is a client of its own, though it shares its process with others.
    void enter(const std::string& place);

    using Ended = scenarios::Ended;
    /// Told by whoever ended it. It may have been given back before.
    void ended(const Ended& ended);
    const std::vector<properties::Ending>& endings(Observed kind) const {
        return histories_[static_cast<std::size_t>(kind)].endings;
    }

    /// Tells at the store, in its own order, what changed there; close() links it (commits.hpp).
    void committed(Observed kind, properties::Action action, const std::string& object,
                   const std::string& name);

    /// `owner` holds something that no lease ends; it does when the process dies.
    void holds_until_death(const Incarnation& who, Mark acquisition);
    void died(const std::string& process) { died(process, now()); }
    void died(const std::string& process, std::int64_t at_ns);

    using Names = std::vector<std::string>;
    /// Two sides of clients and servers did not reach each other.
    void partitioned(std::int64_t begin_ns, std::int64_t end_ns, const Names& a, const Names& b);
    /// They do not from now on, until healed() is told the number that is returned.
    std::size_t partitioned(const Names& a, const Names& b);
    void healed(std::size_t partition);
    void all_healed();
    /// A process stood still, and with it every client in it. Its death ends that, too.
    void paused(const std::string& process, std::int64_t begin_ns, std::int64_t end_ns);
    /// It does from now on, until resumed() or died().
    void paused(const std::string& process) { paused(process, now(), properties::never_ns); }
    void resumed(const std::string& process) { end_pause(process, now()); }
    std::vector<properties::Silence> pauses(Observed kind) const { return silences(kind, pauses_); }
    std::vector<properties::Silence> deaths(Observed kind) const { return silences(kind, deaths_); }

private:
    struct History {
        properties::Calls calls;
        std::map<properties::TextId, properties::TextId> places;
        std::map<std::string, std::vector<properties::TextId>> sessions;  ///< of each process
        std::vector<properties::Ending> endings;
        std::vector<Commit> commits;
    };
    struct Silent {  ///< a pause or a death
        std::string process;
        std::int64_t begin_ns = 0;
        std::int64_t end_ns = properties::never_ns;
    };
    std::vector<properties::Silence> silences(Observed kind,
                                              const std::vector<Silent>& processes) const;
    std::string place_of(const std::string& process, const std::string& owner);
    void end_pause(const std::string& process, std::int64_t at_ns);

    Now now_;
    CallJournal* journal_;
    std::string life_prefix_;
    std::array<History, all_observed.size()> histories_;
    std::map<std::uint64_t, std::string> fibers_;  ///< places of fibers, by their numbers
    std::map<std::string, std::string> owners_;    ///< places of owners
    std::map<std::string, std::vector<Mark>> until_death_;  ///< acquisitions of each process
    std::map<std::pair<std::string, std::string>, std::uint64_t> lives_;
    std::vector<Silent> pauses_, deaths_;
    GroupNews news_;
};

}  // namespace conclave::scenarios
