#include <map>

#include "rounds.hpp"

namespace conclave::torture {

namespace {

using scenarios::Observed;

class MutexRounds final : public Rounds {
public:
    MutexRounds(Stage& stage, Client& client) : stage_(stage), client_(client) {}

    void round() override {
        const std::string object = stage_.object();
        const std::int64_t call_ns = stage_.now();
        std::optional<HeldLock> lock = client_.mutex(object).acquire_for(stage_.wait());
        if (!lock) return;
        const Validity validity = lock->validity();
        const Stage::Held held{[&] { return validity.valid(); }, [&] { return validity.until(); }};
        const std::uint64_t belief = stage_.journal.believes(
            {Observed::locks, object, lock->token(), call_ns, stage_.now(),
             nanoseconds(validity.until())});
        stage_.keep(belief, held, stage_.hold());
        stage_.give_up(belief, held);
        // Every fourth hold is left to the handle's destructor, which does not wait.
        if (stage_.draw.below(4) != 0) lock->release();
    }

private:
    Stage& stage_;
    Client& client_;
};

class LockRounds final : public Rounds {
public:
    LockRounds(Stage& stage, Coordinator& coordinator)
        : stage_(stage), coordinator_(coordinator) {}

    void round() override {
        const std::string object = stage_.object();
        Lock& lock = lock_of(object);
        const std::int64_t call_ns = stage_.now();
        if (!lock.acquire_for(stage_.wait())) return;
        const Stage::Held held{[&] { return lock.acquired(); },
                               [&] { return lock.believed_until(); }};
        const std::uint64_t belief = stage_.journal.believes(
            {Observed::locks, object, lock.token(), call_ns, stage_.now(),
             nanoseconds(lock.believed_until())});
        stage_.keep(belief, held, stage_.hold());
        stage_.give_up(belief, held);
        lock.release();
    }

private:
    Lock& lock_of(const std::string& object) {
        std::unique_ptr<Lock>& lock = locks_[object];
        if (!lock) lock = coordinator_.get_lock(object);
        return *lock;
    }

    Stage& stage_;
    Coordinator& coordinator_;
    std::map<std::string, std::unique_ptr<Lock>> locks_;
};

}  // namespace

std::unique_ptr<Rounds> make_lock_rounds(Stage& stage, Client& client) {
    return std::make_unique<MutexRounds>(stage, client);
}
std::unique_ptr<Rounds> make_lock_rounds(Stage& stage, Coordinator& coordinator) {
    return std::make_unique<LockRounds>(stage, coordinator);
}

}  // namespace conclave::torture
