#include <map>

#include "workload.hpp"

namespace conclave::scenarios {

namespace {

class LockWorkload final : public Workload {
public:
    LockWorkload(const WorkloadParts& parts, Coordinator& coordinator)
        : Workload(parts), coordinator_(coordinator) {}

    void step(const Step& step) override {
        Lock& lock = lock_of(step.object);
        if (acquire(lock, step)) hold_and_release(lock, step);
    }

private:
    bool acquire(Lock& lock, const Step& step) {
        properties::Operation& operation =
            recorder_.call(name_, shares(step) ? "share" : "acquire", step.object);
        bool won = false;
        const bool answered = recorded(recorder_, operation, [&] {
            won = lock.acquire_for(plan_.wait, shares(step));
            return won ? "token " + std::to_string(lock.token()) : std::string("not obtained");
        });
        if (answered) note_alone(operation, won);
        if (answered && shares(step)) note_shared(operation, won);
        if (!answered || !won) return false;
        hold_ = &recorder_.open(process_, operation, lock.token(), false,
                                [&lock] { return lock.believed_until(); });
        hold_->hold.shared = shares(step);
        return true;
    }

    void hold_and_release(Lock& lock, const Step& step) {
        Runtime& runtime = process_.runtime();
        GuardedWork::Hold work = work_.begin(step.object, lock.token());
        const TimePoint end = saturating_add(runtime.clock.now(), step.length);
        while (lock.acquired() && runtime.clock.now() < end)
            sleep_until(runtime, Deadline(std::min(end, lock.believed_until())));
        work.write();
        recorder_.close(*std::exchange(hold_, nullptr), properties::HoldEnd::released);
        properties::Operation& operation = recorder_.call(name_, "release", step.object);
        recorded(recorder_, operation,
                 [&] { return lock.release() ? "released" : "was not held any more"; });
    }

    Lock& lock_of(const std::string& object) {
        std::unique_ptr<Lock>& lock = locks_[object];
        if (!lock) lock = coordinator_.get_lock(object);
        return *lock;
    }

    Coordinator& coordinator_;
    std::map<std::string, std::unique_ptr<Lock>> locks_;
    Recorder::OpenHold* hold_ = nullptr;
};

}  // namespace

std::unique_ptr<Workload> make_lock_workload(WorkloadParts parts, Coordinator& coordinator) {
    return std::make_unique<LockWorkload>(parts, coordinator);
}

}  // namespace conclave::scenarios
