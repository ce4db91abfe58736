#include "conclave/connect.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "conclave/asio_runtime.hpp"
#include "conclave/drivers/all_drivers.hpp"
#include "conclave/error.hpp"

namespace conclave {

namespace {

std::string names(const std::set<Characteristic>& characteristics) {
    std::string text;
    for (const Characteristic characteristic : characteristics) {
        if (!text.empty()) text += ", ";
        text += to_string(characteristic);
    }
    return text.empty() ? "none" : text;
}

void require_characteristics(const Driver& driver, const std::set<Characteristic>& requested) {
    const std::set<Characteristic> available = driver.claims().characteristics;
    std::set<Characteristic> missing;
    std::set_difference(requested.begin(), requested.end(), available.begin(), available.end(),
                        std::inserter(missing, missing.end()));
    if (missing.empty()) return;
    throw DriverChosenPoorly("the driver lacks " + names(missing) + " (requested " +
                             names(requested) + "; available " + names(available) + ")");
}

/// A coordinator and the runtime under it. The driver is made and destroyed on a fiber, since it
/// owns connections, which belong to the runtime's thread.
class ConnectedCoordinator {
public:
    ConnectedCoordinator(const std::string& url, const std::string& member_id,
                         const GetCoordinatorOptions& options)
        : stop_limit_(options.coordinator.operation_timeout) {
        runtime_.gate().call([&] {
            std::unique_ptr<Driver> driver =
                all_drivers().make(runtime_.runtime(), url, member_id, options.driver);
            require_characteristics(*driver, options.characteristics);
            coordinator_ = std::make_unique<Coordinator>(runtime_.gate(), std::move(driver),
                                                         member_id, options.coordinator);
        });
    }
    ~ConnectedCoordinator() {
        stop();
        runtime_.gate().call([this] { coordinator_.reset(); });
    }
    ConnectedCoordinator(const ConnectedCoordinator&) = delete;
    ConnectedCoordinator& operator=(const ConnectedCoordinator&) = delete;

    Coordinator* coordinator() noexcept { return coordinator_.get(); }

private:
    // A destructor on a fiber cannot wait for the farewell: it is said from here.
    void stop() noexcept {
        try {
            if (coordinator_->is_started()) coordinator_->stop(stop_limit_);
        } catch (const std::exception&) {
            // Nobody is left to be told: leases lapse at their ttl.
        }
    }

    Duration stop_limit_;
    AsioRuntime runtime_;
    std::unique_ptr<Coordinator> coordinator_;
};

}  // namespace

std::shared_ptr<Coordinator> get_coordinator(const std::string& url, const std::string& member_id,
                                             const GetCoordinatorOptions& options) {
    auto connected = std::make_shared<ConnectedCoordinator>(url, member_id, options);
    Coordinator* const coordinator = connected->coordinator();
    return {std::move(connected), coordinator};
}

}  // namespace conclave
