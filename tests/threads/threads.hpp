#pragma once

// Threads that use one client or coordinator at once: of a folder, or of what a test names.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "conclave/connect.hpp"
#include "live/fixture/temp_folder.hpp"

namespace conclave {

using namespace std::chrono_literals;

class Threads : public ::testing::Test {
protected:
    Threads() : url("file://" + folder.path()) {}
    explicit Threads(std::string other) : url(std::move(other)) {}

    static constexpr int threads = 6;
    live::TempFolder folder;
    const std::string url;
    const ClientTimes times{.poll = 1ms};

    Client client(const std::string& member) {
        return connect(url, {.member_id = MemberId(member), .times = times});
    }
    std::shared_ptr<Coordinator> coordinator(const std::string& member) {
        auto made = get_coordinator(url, member, {.times = times});
        made->start(true);
        return made;
    }
    /// Threads that use `me` without end, until a stop on another ends each of them by an Error.
    static void end_all_by_a_stop(Client& me);
    /// Runs `body(0)` to `body(threads - 1)` at once, until all have ended.
    static void at_once(const std::function<void(int)>& body) {
        std::vector<std::jthread> running;
        for (int i = 0; i < threads; ++i) running.emplace_back([&body, i] { body(i); });
    }
};

/// One of everything. False when a stop took the membership first.
inline bool use(Client& client, int thread) {
    const std::string own = std::to_string(thread);
    Group group = client.group("g" + own);
    Membership member = group.join(Value(own));
    EXPECT_TRUE(group.members().contains(client.member_id()));
    EXPECT_EQ(group.capabilities(client.member_id()), Value(own));
    GroupWatch watch = group.watch();
    EXPECT_EQ(watch.next(5s)->kind, GroupEvent::Kind::snapshot);
    {
        const HeldLock held = client.mutex("shared").acquire();
        EXPECT_TRUE(held.valid());
        EXPECT_GT(held.safe_for(), 0s);
    }
    EXPECT_FALSE(client.groups().empty());
    EXPECT_TRUE(client.claims().features.contains(Feature::fencing));
    return member.leave();
}

/// Counts up, and lets others wait for a count.
class Progress {
public:
    void step() {
        ++count_;
        count_.notify_all();
    }
    void wait_for(int count) const {
        for (int seen = count_; seen < count; seen = count_) count_.wait(seen);
    }

private:
    std::atomic<int> count_ = 0;
};

inline void Threads::end_all_by_a_stop(Client& me) {
    Progress progress;
    std::jthread stopping([&] {
        progress.wait_for(2 * threads);
        EXPECT_TRUE(me.stop().still_running.empty());
    });
    std::atomic<int> ended = 0;
    at_once([&](int thread) {
        try {
            for (;;) {
                use(me, thread);
                progress.step();
            }
        } catch (const Error&) {
            ++ended;  // refused, cancelled, or cut off
        }
    });
    EXPECT_EQ(ended, threads);
}

}  // namespace conclave
