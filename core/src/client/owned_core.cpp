#include "owned_core.hpp"

#include "client_core.hpp"
#include "conclave/unique_text.hpp"

namespace conclave::detail {

namespace {

/// Ends a core and the runtime under it. The driver goes on a fiber: it owns connections.
class EndRuntime {
public:
    explicit EndRuntime(std::unique_ptr<OwnedRuntime> runtime)
        : runtime_(std::make_shared<std::unique_ptr<OwnedRuntime>>(std::move(runtime))) {}

    void operator()(ClientCore* core) const noexcept {
        OwnedRuntime& runtime = **runtime_;
        runtime.end(std::move(*runtime_), [core, &gate = runtime.gate()] {
            gate.call([core] {
                const std::unique_ptr<ClientCore> owned(core);
                if (core->is_started()) core->stop(core->operation_deadline(), running_caller());
            });
        });
    }

private:
    std::shared_ptr<std::unique_ptr<OwnedRuntime>> runtime_;  ///< a deleter must be copyable
};

}  // namespace

std::shared_ptr<ClientCore> own(std::unique_ptr<OwnedRuntime> runtime,
                                const DriverFactory& make_driver, const std::string& member_id,
                                const std::vector<Requirement>& requirements, ClientTimes times) {
    Gate& gate = runtime->gate();
    std::unique_ptr<ClientCore> core;
    gate.call([&] {
        std::unique_ptr<Driver> driver = make_driver(gate.runtime());
        require(driver->claims(), requirements);
        core =
            std::make_unique<ClientCore>(gate, std::move(driver), member_id, times, requirements);
    });
    return {core.release(), EndRuntime(std::move(runtime))};
}

}  // namespace conclave::detail
