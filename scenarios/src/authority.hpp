#pragma once

// Who decides about holds, asked from outside the run: the judge's view, which no client has.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "conclave/properties/field.hpp"

namespace conclave::scenarios {

class Authority {
public:
    virtual ~Authority() = default;

    /// Who has an object, and from when on another can have it unless that one renews. World time.
    struct Grant {
        std::string holder;  ///< empty when it is free
        std::int64_t free_at_ns = 0;
    };
    /// nullopt while it cannot be told, as when the server is down.
    virtual std::optional<Grant> grant(const std::string& object, bool leadership) const = 0;
    /// Who asked for locks so far, where the Plan's workload is judged by that.
    virtual const std::vector<properties::Ask>& asks() const = 0;
};

}  // namespace conclave::scenarios
