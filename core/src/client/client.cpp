#include "conclave/client.hpp"

#include <algorithm>

#include "client_core.hpp"
#include "conclave/fiber.hpp"
#include "owned_core.hpp"

namespace conclave {

using detail::ClientCore;

namespace {

std::string_view name_of(const Requirement& requirement) {
    return std::visit([](auto each) { return to_string(each); }, requirement);
}

bool is_claimed(const Claims& claims, const Requirement& requirement) {
    if (const auto* characteristic = std::get_if<Characteristic>(&requirement))
        return claims.characteristics.contains(*characteristic);
    return claims.features.contains(std::get<Feature>(requirement));
}

std::string list(const std::vector<Requirement>& requirements) {
    std::string text;
    for (const Requirement& each : requirements) {
        if (!text.empty()) text += ", ";
        text += name_of(each);
    }
    return text.empty() ? "none" : text;
}

/// Deletes a core behind everything that was posted to it, as AsyncOperation::begin() does without
/// owning it. At once where nobody may wait for the runtime, or it has ended.
struct EndCore {
    Gate& gate;
    void operator()(ClientCore* core) const noexcept {
        std::unique_ptr<ClientCore> owned(core);
        try {
            gate.call([&owned] { owned.reset(); });
        } catch (const std::exception&) {
            return;  // the runtime's own thread outside a fiber, or a runtime that has ended
        }
    }
};

}  // namespace

void require(const Claims& claims, const std::vector<Requirement>& requirements) {
    std::vector<Requirement> missing;
    std::copy_if(requirements.begin(), requirements.end(), std::back_inserter(missing),
                 [&](const Requirement& each) { return !is_claimed(claims, each); });
    if (missing.empty()) return;
    std::vector<Requirement> available(claims.characteristics.begin(),
                                       claims.characteristics.end());
    available.insert(available.end(), claims.features.begin(), claims.features.end());
    throw DriverChosenPoorly("the driver lacks " + list(missing) + " (requested " +
                             list(requirements) + "; available " + list(available) + ")");
}

Client Client::start(Gate& gate, std::unique_ptr<Driver> driver, const MemberId& member_id,
                     const std::vector<Requirement>& requirements, ClientTimes times) {
    require(driver->claims(), requirements);
    const std::shared_ptr<ClientCore> core(
        new ClientCore(gate, std::move(driver), member_id.bytes(), times, requirements),
        EndCore{gate});
    core->on_runtime([&] { core->start(true); });
    return Client(core);
}

Client Client::start(std::unique_ptr<OwnedRuntime> runtime,
                     const detail::DriverFactory& make_driver, const MemberId& member_id,
                     const std::vector<Requirement>& requirements, ClientTimes times) {
    auto core = detail::own(std::move(runtime), make_driver, member_id.bytes(), requirements, times);
    core->on_runtime([&] { core->start(true); });
    return Client(std::move(core));
}

Result<Client> Client::try_start(Gate& gate, std::unique_ptr<Driver> driver,
                                 const MemberId& member_id,
                                 const std::vector<Requirement>& requirements,
                                 ClientTimes times) {
    return attempt([&] { return start(gate, std::move(driver), member_id, requirements, times); });
}

Result<Client> Client::try_start(std::unique_ptr<OwnedRuntime> runtime,
                                 const detail::DriverFactory& make_driver,
                                 const MemberId& member_id,
                                 const std::vector<Requirement>& requirements,
                                 ClientTimes times) {
    return attempt(
        [&] { return start(std::move(runtime), make_driver, member_id, requirements, times); });
}

std::vector<GroupId> Client::groups() const {
    return core_->on_runtime([&] {
        core_->require_started();
        std::vector<GroupId> groups;
        for (std::string& group : core_->groups().get_groups(core_->operation_deadline()))
            groups.emplace_back(std::move(group));
        return groups;
    });
}

Result<std::vector<GroupId>> Client::try_groups() const {
    return attempt([&] { return groups(); });
}

MemberId Client::member_id() const { return MemberId(core_->member_id()); }
Claims Client::claims() const { return core_->driver().claims(); }

Remarks Client::examine() const {
    return core_->on_runtime([&] {
        core_->require_started();
        return core_->driver().examine(core_->operation_deadline());
    });
}

Result<Remarks> Client::try_examine() const {
    return attempt([&] { return examine(); });
}

StopReport Client::stop(Duration limit) {
    const void* const caller = detail::running_caller();
    const Deadline deadline = core_->runtime().after(limit);
    StopReport report;
    core_->gate().call([&] { report = core_->stop(deadline, caller); });
    return report;
}

}  // namespace conclave
