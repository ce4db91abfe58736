#pragma once

// Where the environment contract runs: one suite, and a kind of world for each implementation of
// environment.hpp (and for each kind of transport that it has).

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "conclave/environment.hpp"

namespace conclave::contract {

class ContractWorld {
public:
    virtual ~ContractWorld() = default;
    /// Runs `body` on a fiber and waits until it and every fiber it left behind have ended.
    virtual void run(const std::function<void(Runtime&)>& body) = 0;
    /// Where to listen for the transport under test; a new one with every call.
    virtual Endpoint address() = 0;
    /// Where a unix socket may be made; a new one with every call.
    virtual Endpoint unix_address() = 0;
    /// An endpoint that answers no connect, neither with yes nor with no.
    virtual Endpoint silent_address() = 0;
};

struct WorldKind {
    std::string name;
    std::function<std::unique_ptr<ContractWorld>()> make;
};
inline void PrintTo(const WorldKind& kind, std::ostream* out) { *out << kind.name; }

/// Those of the world that this executable was linked with.
std::vector<WorldKind> world_kinds();

}  // namespace conclave::contract
