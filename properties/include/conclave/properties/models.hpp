#pragma once

// The sequential objects that a history can be checked against: what each answers when calls come one
// after the other. docs/properties.md tells every model's rules.

#include <array>
#include <optional>
#include <string_view>

#include "conclave/properties/calls.hpp"

namespace conclave::properties {

enum class Model : std::uint8_t {
    register_,     ///< read, write
    cas_register,  ///< and cas
    mutex,         ///< acquire, release, renew; leases do not end
    lease,         ///< a mutex whose holds end when their ttl has passed without a renewal
    leader,        ///< a lease; the member for whom its holder acts can be read
    group,         ///< join, leave, members; a join with a ttl may end
    capabilities,  ///< one register a member, there while it has joined
    tokens,        ///< acquire only: each token exceeds all that were given before
};

std::string_view to_string(Model model) noexcept;
std::optional<Model> model_named(std::string_view name) noexcept;
constexpr std::array<Model, 8> all_models() noexcept {
    return {Model::register_, Model::cas_register, Model::mutex,        Model::lease,
            Model::leader,    Model::group,        Model::capabilities, Model::tokens};
}


bool understands(Model model, Action action) noexcept;

}  // namespace conclave::properties
