#pragma once

// What clients do under a lock, where the scenario has a fenced resource: a read that seals the
// token, and a write at the end, sent also by who no longer holds and does not look.

#include <optional>
#include <string>

#include "conclave/scenarios/plan.hpp"
#include "conclave/servers/fenced_resource.hpp"
#include "conclave/sim/process.hpp"

namespace conclave::scenarios {

inline constexpr const char* resource_host = "resource";
inline Endpoint resource_endpoint() { return {resource_host, 7000, {}}; }

class GuardedWork {
public:
    GuardedWork(sim::Process& process, const Plan& plan);

    /// The work under one hold.
    class Hold {
    public:
        Hold(GuardedWork& work, std::string object, std::uint64_t token);
        void write();

    private:
        GuardedWork& work_;
        std::string object_;
        std::string holder_;
        std::uint64_t token_;
    };
    Hold begin(const std::string& object, std::uint64_t token) { return {*this, object, token}; }

private:
    sim::Process& process_;
    std::optional<servers::FencedResourceClient> resource_;  ///< none where the scenario has none
    int holds_ = 0;
};

}  // namespace conclave::scenarios
