#include "guarded_work.hpp"

namespace conclave::scenarios {

namespace {
constexpr Duration answer_limit = std::chrono::seconds(2);
}

GuardedWork::GuardedWork(sim::Process& process, const Plan& plan) : process_(process) {
    if (plan.resource) resource_.emplace(process.runtime(), resource_endpoint());
}

GuardedWork::Hold::Hold(GuardedWork& work, std::string object, std::uint64_t token)
    : work_(work),
      object_(std::move(object)),
      holder_(work.process_.name() + "#" + std::to_string(work.process_.incarnation()) + "/" +
              std::to_string(++work.holds_)),
      token_(token) {
    if (!work_.resource_) return;
    work_.resource_->read(object_, holder_, token_, work_.process_.runtime().after(answer_limit));
}

void GuardedWork::Hold::write() {
    if (!work_.resource_) return;
    work_.resource_->write(object_, holder_, token_, work_.process_.runtime().after(answer_limit));
}

}  // namespace conclave::scenarios
