// One lock that a Python and a C++ process want all the time, and a ledger on the same server that
// says who was in the critical section with whom: each side counts itself in at once after its own
// acquisition and out before its release, and neither waits for the other anywhere else.

#include <gtest/gtest.h>

#include <iostream>

#include "interop_session.hpp"

namespace conclave::interop {
namespace {

constexpr int hand_overs_wanted = 200;
constexpr const char* lock_name = "handed-over";

/// The C++ side of the ledger; tooz_peer.py has the other.
class Ledger {
public:
    explicit Ledger(live::RedisConnection connection) : connection_(std::move(connection)) {}

    bool finished() { return count("ledger:hand-overs") >= hand_overs_wanted; }
    void enter(const std::string& who) {
        if (connection_.command({"INCR", "ledger:inside"}).integer != 1)
            connection_.command({"INCR", "ledger:overlaps"});
        const live::RedisReply last = connection_.command({"GETSET", "ledger:last", who});
        if (!last.null && last.text != who) connection_.command({"INCR", "ledger:hand-overs"});
    }
    void leave() { connection_.command({"DECR", "ledger:inside"}); }
    int count(std::string_view key) {
        const live::RedisReply reply = connection_.command({"GET", key});
        return reply.null ? 0 : std::stoi(reply.text);
    }

private:
    live::RedisConnection connection_;
};

class Handover : public Interop {
protected:
    /// Both sides contend, each for its own name of a lock, until the lock has changed hands often
    /// enough.
    void contend(const std::string& our_name, const std::string& their_name) {
        tooz_.begin("contend", {{"name", their_name}, {"hand_overs", hand_overs_wanted}});
        in_session([&](Session& session) {
            Locks& locks = *session.connect("native").locks();
            const Deadline limit = session.runtime().after(std::chrono::minutes(1));
            while (!ledger_.finished()) {
                ASSERT_FALSE(limit.passed(session.runtime().clock.now()));
                hold_once(session, locks, our_name);
            }
        });
        tooz_.finish();
    }

    void hold_once(Session& session, Locks& locks, const std::string& name) {
        const auto lease = locks.try_acquire(name, locks.new_owner(), session.soon());
        if (!lease) return;
        if (!ledger_.finished()) {
            ledger_.enter("native");
            ledger_.leave();
        }
        EXPECT_TRUE(locks.release(*lease, session.soon()));
    }

    Ledger ledger_{server_.connect()};
};

TEST_F(Handover, NeverOverlaps) {
    contend(lock_name, lock_name);
    const int hand_overs = ledger_.count("ledger:hand-overs");
    const int overlaps = ledger_.count("ledger:overlaps");
    EXPECT_EQ(hand_overs, hand_overs_wanted);
    EXPECT_EQ(overlaps, 0);
    std::cout << "summary: " << hand_overs << " hand-overs, " << overlaps << " overlaps\n";
}

TEST_F(Handover, OfLocksThatDoNotExcludeOverlapsAndTheLedgerSeesIt) {
    contend(lock_name, "another");
    EXPECT_GT(ledger_.count("ledger:overlaps"), 0);
}

}  // namespace
}  // namespace conclave::interop
