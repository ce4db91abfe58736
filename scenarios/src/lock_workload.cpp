#include <map>

#include "workload.hpp"

namespace conclave::scenarios {

namespace {

class LockWorkload final : public Workload {
public:
    explicit LockWorkload(WorkloadParts parts) : parts_(parts) {}

    void step(const Step& step) override {
        Lock& lock = lock_of(step.object);
        if (acquire(lock, step.object)) hold_and_release(lock, step);
    }

private:
    bool acquire(Lock& lock, const std::string& object) {
        auto& [process, plan, recorder, coordinator] = parts_;
        properties::Operation& operation = recorder.call(process.name(), "acquire", object);
        bool won = false;
        const bool answered = recorded(recorder, operation, [&] {
            won = lock.acquire_for(plan.wait);
            return won ? "token " + std::to_string(lock.token()) : std::string("not obtained");
        });
        if (!answered || !won) return false;
        hold_ = &recorder.open(process, operation, lock.token(), false,
                               [&lock] { return lock.believed_until(); });
        return true;
    }

    void hold_and_release(Lock& lock, const Step& step) {
        auto& [process, plan, recorder, coordinator] = parts_;
        Runtime& runtime = process.runtime();
        const TimePoint end = saturating_add(runtime.clock.now(), step.length);
        while (lock.acquired() && runtime.clock.now() < end)
            sleep_until(runtime, Deadline(std::min(end, lock.believed_until())));
        recorder.close(*std::exchange(hold_, nullptr), properties::HoldEnd::released);
        properties::Operation& operation = recorder.call(process.name(), "release", step.object);
        recorded(recorder, operation,
                 [&] { return lock.release() ? "released" : "was not held any more"; });
    }

    Lock& lock_of(const std::string& object) {
        std::unique_ptr<Lock>& lock = locks_[object];
        if (!lock) lock = parts_.coordinator.get_lock(object);
        return *lock;
    }

    WorkloadParts parts_;
    std::map<std::string, std::unique_ptr<Lock>> locks_;
    Recorder::OpenHold* hold_ = nullptr;
};

}  // namespace

std::unique_ptr<Workload> make_lock_workload(WorkloadParts parts) {
    return std::make_unique<LockWorkload>(parts);
}

}  // namespace conclave::scenarios
