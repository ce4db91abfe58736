// What waiters and watches do with a driver that tells of changes, when it tells and when it does not.

#include <list>

#include "client_fixture.hpp"

namespace conclave {
namespace {

using namespace testing;

/// Tells what a test tells it to.
class FakeChanges final : public Changes {
public:
    bool told = true;

    std::unique_ptr<Interest> follow(Kind, const std::string& name,
                                     std::function<void()> changed) override {
        followed.push_back(name);
        callbacks_.push_back(std::move(changed));
        return std::make_unique<FakeInterest>(*this, std::prev(callbacks_.end()));
    }
    void tell() {
        for (const auto& each : callbacks_) each();
    }
    std::size_t followers() const noexcept { return callbacks_.size(); }
    std::vector<std::string> followed;

private:
    using Place = std::list<std::function<void()>>::iterator;
    class FakeInterest final : public Interest {
    public:
        FakeInterest(FakeChanges& changes, Place place) : changes_(changes), place_(place) {}
        ~FakeInterest() override { changes_.callbacks_.erase(place_); }
        bool told() const noexcept override { return changes_.told; }

    private:
        FakeChanges& changes_;
        Place place_;
    };
    std::list<std::function<void()>> callbacks_;
};

struct HintsTest : ClientTest {
    FakeChanges changes;
    std::optional<HeldLock> held;
    std::optional<HeldLock> won;
    bool over = false;

    HintsTest() { a_link.changes = &changes; }

    /// `b` holds L until a test frees it; `a` waits for it.
    void wait_for_lock(Duration limit = 60s) {
        on_fiber([&] { held = b->mutex("L").acquire_for(0s); });
        begin([&, limit] {
            won = a->mutex("L").acquire_for(limit);
            over = true;
        });
    }
    /// At the backend, where nobody is told of it.
    void free() { backend.locks.erase("L"); }
    void TearDown() override {
        on_fiber([&] {
            held.reset();
            won.reset();
        });
        EXPECT_EQ(changes.followers(), 0u);
        ClientTest::TearDown();
    }
};

TEST_F(HintsTest, AWaiterLooksAtOnceWhenItIsToldAndElseAfterTenPolls) {
    on_fiber([&] { EXPECT_TRUE(a->mutex("free").acquire_for(1s)); });
    EXPECT_TRUE(changes.followed.empty()) << "nobody had to wait";
    wait_for_lock();
    EXPECT_EQ(changes.followed, std::vector<std::string>{"L"});
    scheduler.advance(200ms);
    free();
    scheduler.advance(250ms);
    EXPECT_FALSE(over) << "a poll would have found it";
    changes.tell();
    scheduler.run();
    EXPECT_TRUE(won);
}

TEST_F(HintsTest, WhatIsNotToldIsFoundByLooking) {
    wait_for_lock();
    free();
    scheduler.advance(1s);
    EXPECT_TRUE(won) << "ten polls";
}

TEST_F(HintsTest, WhileNothingIsToldItPollsAsUsual) {
    changes.told = false;
    wait_for_lock();
    free();
    scheduler.advance(100ms);
    EXPECT_TRUE(won);
}

TEST_F(HintsTest, AWaitThatEndsSoonLooksOnceMoreBeforeItDoes) {
    wait_for_lock(400ms);
    free();
    scheduler.advance(299ms);
    EXPECT_FALSE(over);
    scheduler.advance(101ms);
    EXPECT_TRUE(won);
}

TEST_F(HintsTest, AWaitWithNothingToFindEndsAtItsLimitAndNotBefore) {
    wait_for_lock(400ms);
    scheduler.advance(399ms);
    EXPECT_FALSE(over);
    scheduler.advance(1ms);
    EXPECT_TRUE(over);
    EXPECT_FALSE(won);
}

TEST_F(HintsTest, WhoIsToldInVainAgainAndAgainLooksLater) {
    wait_for_lock();
    const int asked = a_link.calls;
    const auto hint = [&](int times) {
        for (int i = 0; i < times; ++i) {
            changes.tell();
            scheduler.run();
        }
        return a_link.calls - asked;
    };
    EXPECT_EQ(hint(2), 2) << "at once";
    EXPECT_LT(hint(30), 10);
    free();
    EXPECT_FALSE(over);
    scheduler.advance(100ms);
    EXPECT_TRUE(won) << "one poll later at most";
}

TEST_F(HintsTest, AStopEndsTheWait) {
    on_fiber([&] { held = b->mutex("L").acquire_for(0s); });
    bool cancelled = false;
    begin([&] {
        try {
            (void)a->mutex("L").acquire_for(60s);
        } catch (const Cancelled&) {
            cancelled = true;
        }
    });
    on_fiber([&] { a->stop(); });
    EXPECT_TRUE(cancelled);
}

TEST_F(HintsTest, AWatchLooksWhenItIsToldAndEndsWithItsHandle) {
    std::optional<GroupWatch> watch;
    on_fiber([&] {
        b->group("g").create();
        watch.emplace(a->group("g").watch());
        EXPECT_EQ(watch->next(1s)->kind, GroupEvent::Kind::snapshot);
    });
    scheduler.run();
    EXPECT_EQ(changes.followed, std::vector<std::string>{"g"});
    backend.groups["g"]["x"] = {};
    changes.tell();
    scheduler.run();
    on_fiber([&] { EXPECT_EQ(watch->next(0s)->member, MemberId("x")); });
    on_fiber([&] { watch.reset(); });
    scheduler.run();
    EXPECT_EQ(changes.followers(), 0u);
}

}  // namespace
}  // namespace conclave
