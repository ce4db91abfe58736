// One lock, held in turns by a Python and a C++ process while the other one wants it. The server
// itself counts who is in the critical section.

#include <gtest/gtest.h>

#include <iostream>

#include "interop_session.hpp"

namespace conclave::interop {
namespace {

constexpr int hand_overs_wanted = 200;
constexpr const char* lock_name = "handed-over";
constexpr const char* section = "inside";

class Handover : public Interop {
protected:
    void enter_ours() { judge(server_.connect().command({"INCR", section}).integer); }
    void leave_ours() { server_.connect().command({"DECR", section}); }
    void enter_theirs() { judge(tooz_.call("enter", {{"key", section}}).get<std::int64_t>()); }
    void leave_theirs() { tooz_.call("leave_section", {{"key", section}}); }

    /// Python has it and we ask until it is ours.
    Lease take_from_tooz(Session& session, Locks& locks) {
        const std::string owner = locks.new_owner();
        EXPECT_FALSE(locks.try_acquire(lock_name, owner, session.soon()));
        leave_theirs();
        EXPECT_TRUE(tooz_.call("release", {{"name", lock_name}}));
        std::optional<Lease> lease = locks.try_acquire(lock_name, owner, session.soon());
        if (!lease) throw Error("tooz released the lock, but it is not free");
        ++hand_overs_;
        enter_ours();
        return *lease;
    }

    /// We have it and Python waits until it is free.
    void give_to_tooz(Session& session, Locks& locks, const Lease& lease) {
        EXPECT_FALSE(tooz_.call("acquire", {{"name", lock_name}, {"blocking", false}}));
        tooz_.begin("acquire", {{"name", lock_name}, {"blocking", true}});
        leave_ours();
        EXPECT_TRUE(locks.release(lease, session.soon()));
        EXPECT_TRUE(tooz_.finish());
        ++hand_overs_;
        enter_theirs();
    }

    int hand_overs_ = 0;
    int overlaps_ = 0;

private:
    void judge(std::int64_t inside) { overlaps_ += inside != 1; }
};

TEST_F(Handover, NeverOverlaps) {
    in_session([this](Session& session) {
        Locks& locks = *session.connect("native").locks();
        ASSERT_TRUE(tooz_.call("acquire", {{"name", lock_name}, {"blocking", false}}));
        enter_theirs();
        while (hand_overs_ < hand_overs_wanted) {
            const Lease lease = take_from_tooz(session, locks);
            give_to_tooz(session, locks, lease);
        }
    });
    EXPECT_EQ(overlaps_, 0);
    std::cout << "summary: " << hand_overs_ << " hand-overs, " << overlaps_ << " overlaps\n";
}

}  // namespace
}  // namespace conclave::interop
