#include <map>

#include "workload.hpp"

namespace conclave::scenarios {

namespace {

class LockWorkload final : public Workload {
public:
    using Workload::Workload;

    void step(const Step& step) override {
        Lock& lock = lock_of(step.object);
        if (acquire(lock, step.object)) hold_and_release(lock, step);
    }

private:
    bool acquire(Lock& lock, const std::string& object) {
        properties::Operation& operation = recorder_.call(process_.name(), "acquire", object);
        bool won = false;
        const bool answered = recorded(recorder_, operation, [&] {
            won = lock.acquire_for(plan_.wait);
            return won ? "token " + std::to_string(lock.token()) : std::string("not obtained");
        });
        if (!answered || !won) return false;
        hold_ = &recorder_.open(process_, operation, lock.token(), false,
                                [&lock] { return lock.believed_until(); });
        return true;
    }

    void hold_and_release(Lock& lock, const Step& step) {
        Runtime& runtime = process_.runtime();
        const TimePoint end = saturating_add(runtime.clock.now(), step.length);
        while (lock.acquired() && runtime.clock.now() < end)
            sleep_until(runtime, Deadline(std::min(end, lock.believed_until())));
        recorder_.close(*std::exchange(hold_, nullptr), properties::HoldEnd::released);
        properties::Operation& operation = recorder_.call(process_.name(), "release", step.object);
        recorded(recorder_, operation,
                 [&] { return lock.release() ? "released" : "was not held any more"; });
    }

    Lock& lock_of(const std::string& object) {
        std::unique_ptr<Lock>& lock = locks_[object];
        if (!lock) lock = coordinator_.get_lock(object);
        return *lock;
    }

    std::map<std::string, std::unique_ptr<Lock>> locks_;
    Recorder::OpenHold* hold_ = nullptr;
};

}  // namespace

std::unique_ptr<Workload> make_lock_workload(WorkloadParts parts) {
    return std::make_unique<LockWorkload>(parts);
}

}  // namespace conclave::scenarios
