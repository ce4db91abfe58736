#include "callbacks.hpp"

#include <algorithm>

#include "conclave/fiber.hpp"

namespace conclave::detail {

Callbacks::Callbacks(Scheduler& scheduler) noexcept : fibers_(scheduler), changed_(scheduler) {}

Callbacks::~Callbacks() {
    if (fibers_.size() > 0) fibers_.leave();
}

void Callbacks::begin(const std::string& name, std::function<void()> call) {
    const auto entry = calls_.insert(calls_.end(), Call{name});
    fibers_.spawn([self = shared_from_this(), entry, body = std::move(call)] {
        self->run(*entry, body);
        self->calls_.erase(entry);
        self->changed_.notify_all();
    });
}

// The standard calls what is registered with a stop token from a noexcept function: when the process
// dies meanwhile, nothing may be thrown through it.
void Callbacks::run(Call& call, const std::function<void()>& body) {
    Fiber& fiber = *running_fiber();
    call.fiber = &fiber;
    changed_.notify_all();
    fiber.shielded = true;
    body();
    fiber.shielded = false;
}

bool Callbacks::runs(const void* caller) const noexcept {
    return std::any_of(calls_.begin(), calls_.end(),
                       [&](const Call& each) { return each.fiber == caller; });
}

bool Callbacks::all_have_begun() const noexcept {
    return std::all_of(calls_.begin(), calls_.end(),
                       [](const Call& each) { return each.fiber != nullptr; });
}

bool Callbacks::wait_for_others(const void* caller, Deadline deadline) {
    // Whatever the deadline says: who has to be told is told.
    while (!all_have_begun())
        if (changed_.wait(Deadline::never()) != Wake::notified) return false;
    const std::size_t own = runs(caller) ? 1 : 0;
    while (calls_.size() > own)
        if (changed_.wait(deadline) != Wake::notified) return false;
    return true;
}

std::vector<std::string> Callbacks::others(const void* caller) const {
    std::vector<std::string> names;
    for (const Call& each : calls_)
        if (each.fiber != caller) names.push_back(each.name);
    return names;
}

}  // namespace conclave::detail
