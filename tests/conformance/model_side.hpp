#pragma once

// The engine under test with three sessions, driven directly: no network, no clock but the caller's.

#include <memory>
#include <string>
#include <vector>

#include "engine/engine.hpp"

namespace conclave::conformance {

class ModelSide {
public:
    ModelSide();

    /// The exact bytes of the replies that the command caused on its own connection.
    std::string exchange(int connection, const std::vector<std::string>& words, std::int64_t now);

    /// How many of the generator's keys have expired at `now` and are still stored.
    std::uint64_t expired(std::int64_t now) const;

private:
    struct Nobody;
    std::shared_ptr<Nobody> supervisor_;
    std::unique_ptr<servers::redis::Engine> engine_;
    servers::redis::Session sessions_[3];
};

}  // namespace conclave::conformance
