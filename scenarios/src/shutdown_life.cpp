#include "shutdown_life.hpp"

#include <optional>
#include <stop_token>
#include <vector>

#include "conclave/client.hpp"
#include "conclave/coordinator.hpp"
#include "conclave/sync.hpp"

namespace conclave::scenarios {

using std::chrono::milliseconds;
using std::chrono::seconds;

void LifeCallbacks::begin() {
    if (stopped_) ++after_stop_;
    if (const auto stop = std::exchange(armed_, nullptr)) stop();
}

void ShutdownLife::repeat(TaskGroup& users, std::function<void()> once) {
    users.spawn([this, once = std::move(once)] {
        while (!callbacks->stopped()) {
            try {
                once();
            } catch (const Error&) {
            }
            if (!sleep_for(runtime_, glance)) return;
        }
    });
}

void ShutdownLife::stay(Duration length, const std::function<bool()>& wanted) {
    const TimePoint end = runtime_.after(length).at();
    while (wanted() && runtime_.clock.now() < end)
        if (!sleep_for(runtime_, glance)) return;
}

namespace {

const std::string object = "object";
const std::string group_name = "group";

class HandleLife final : public ShutdownLife {
public:
    HandleLife(Gate& gate, Runtime& runtime, const std::string& member, TaskGroup& executor)
        : ShutdownLife(runtime), gate_(gate), member_(member), executor_(executor) {}

    void start(std::unique_ptr<Driver> driver) override {
        client_ = Client::start(gate_, std::move(driver), MemberId(member_));
    }
    StopReport stop(Duration limit) override { return client_->stop(limit); }

    void spawn_users(TaskGroup& users) override {
        repeat(users, [this] { hold_lock(); });
        repeat(users, [this] { hold_lock(); });
        repeat(users, [this] { lead(); });
        repeat(users, [this] { be_member(); });
        repeat(users, [this] { follow_pushed(); });
        repeat(users, [this] { follow_pulled(); });
    }

    bool believes() const override {
        for (const Validity& each : handed_out_)
            if (each.valid()) return true;
        return false;
    }

private:
    void hold_lock() {
        std::optional<HeldLock> held = client_->mutex(object).acquire_for(seconds(2));
        if (!held) return;
        handed_out_.push_back(held->validity());
        // Copied onto its stack first: it may go on when `told` has gone.
        const std::stop_callback told(held->stop_token(), [all = callbacks] {
            const auto kept = all;
            kept->begin();
        });
        stay(seconds(1), [&] { return held->valid(); });
        // Every other one is left to the handle's destructor, which does not wait.
        if (handed_out_.size() % 2 == 0) held->release();
    }

    void lead() {
        client_->election(group_name).lead([this](Leadership& leadership) {
            handed_out_.push_back(leadership.validity());
            stay(seconds(1), [&] { return leadership.valid(); });
        });
    }

    void be_member() {
        Membership membership = client_->group(group_name).join();
        handed_out_.push_back(membership.validity());
        stay(seconds(3), [&] { return membership.valid(); });
        membership.leave();
    }

    void follow_pushed() {
        // Every other one runs its callbacks at once.
        const bool at_once = ++followed_ % 2 == 0;
        const auto execute = [&executor = executor_, at_once](std::function<void()> task) {
            if (at_once) return task();
            executor.spawn(std::move(task));
        };
        const GroupWatch watch = client_->group(group_name).watch(
            execute, [all = callbacks](const GroupEvent&) { all->begin(); });
        stay(seconds(5), [this] { return !callbacks->stopped(); });
    }

    void follow_pulled() {
        GroupWatch watch = client_->group(group_name).watch();
        while (watch.next(seconds(20))) {
        }
    }

    Gate& gate_;
    const std::string member_;
    TaskGroup& executor_;
    int followed_ = 0;
    std::optional<Client> client_;
    std::vector<Validity> handed_out_;
};

class CoordinatorLife final : public ShutdownLife {
public:
    CoordinatorLife(Gate& gate, Runtime& runtime, const std::string& member)
        : ShutdownLife(runtime), gate_(gate), member_(member) {}

    void start(std::unique_ptr<Driver> driver) override {
        coordinator_.emplace(gate_, std::move(driver), member_);
        coordinator_->start(true);
        const auto hook = [all = callbacks](const auto&) { all->begin(); };
        coordinator_->watch_elected_as_leader(group_name, hook);
        coordinator_->watch_lost_leadership(group_name, hook);
    }
    StopReport stop(Duration limit) override { return coordinator_->stop(limit); }

    void spawn_users(TaskGroup& users) override {
        for (int i = 0; i < 2; ++i) repeat(users, [this] { hold_lock(); });
        repeat(users, [this] { be_member(); });
        repeat(users, [this] { follow(); });
        repeat(users, [this] { coordinator_->run_elect_coordinator(); });
        // Whoever does not care that the coordinator is being stopped.
        repeat(users, [this] {
            for (int i = 0; i < 5; ++i) coordinator_->get_members(group_name).get();
        });
    }

    bool believes() const override {
        for (const Lock* const each : locks_)
            if (each->acquired()) return true;
        // member_until() is what others may still see, also of who could not leave.
        return coordinator_->is_leader(group_name);
    }

private:
    void hold_lock() {
        const std::unique_ptr<Lock> lock = coordinator_->get_lock(object);
        if (!lock->acquire_for(seconds(2))) return;
        locks_.push_back(lock.get());
        stay(seconds(1), [&] { return lock->acquired(); });
        std::erase(locks_, lock.get());
        lock->release();
    }

    void be_member() {
        coordinator_->join_group_create(group_name).get();
        stay(seconds(3), [this] { return !callbacks->stopped(); });
        coordinator_->leave_group(group_name).get();
    }

    void follow() {
        const auto hook = [all = callbacks](const auto&) { all->begin(); };
        if (!followed_) {
            coordinator_->watch_join_group(group_name, hook);
            coordinator_->watch_leave_group(group_name, hook);
            followed_ = true;
        }
        coordinator_->run_watchers();
    }

    Gate& gate_;
    const std::string member_;
    bool followed_ = false;
    std::vector<const Lock*> locks_;
    std::optional<Coordinator> coordinator_;
};

}  // namespace

std::unique_ptr<ShutdownLife> live_with_handles(Gate& gate, Runtime& runtime,
                                                const std::string& member, TaskGroup& callbacks) {
    return std::make_unique<HandleLife>(gate, runtime, member, callbacks);
}

std::unique_ptr<ShutdownLife> live_with_coordinator(Gate& gate, Runtime& runtime,
                                                    const std::string& member) {
    return std::make_unique<CoordinatorLife>(gate, runtime, member);
}

}  // namespace conclave::scenarios
