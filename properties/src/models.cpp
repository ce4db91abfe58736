#include "conclave/properties/models.hpp"

namespace conclave::properties {

std::string_view to_string(Model model) noexcept {
    switch (model) {
        case Model::register_: return "register";
        case Model::cas_register: return "cas-register";
        case Model::mutex: return "mutex";
        case Model::lease: return "lease";
        case Model::leader: return "leader";
        case Model::group: return "group";
        case Model::capabilities: return "capabilities";
        case Model::tokens: return "tokens";
    }
    return "?";
}

std::optional<Model> model_named(std::string_view name) noexcept {
    for (const Model model : all_models())
        if (to_string(model) == name) return model;
    return std::nullopt;
}

bool understands(Model model, Action action) noexcept {
    switch (action) {
        case Action::read:
            return model == Model::register_ || model == Model::cas_register ||
                   model == Model::leader || model == Model::capabilities;
        case Action::write: return model == Model::register_ || model == Model::cas_register;
        case Action::cas: return model == Model::cas_register;
        case Action::acquire:
            return model == Model::mutex || model == Model::lease || model == Model::leader ||
                   model == Model::tokens;
        case Action::release:
        case Action::renew:
            return model == Model::mutex || model == Model::lease || model == Model::leader;
        case Action::expire:
            return model == Model::mutex || model == Model::lease || model == Model::leader ||
                   model == Model::group || model == Model::capabilities;
        case Action::join:
        case Action::leave: return model == Model::group || model == Model::capabilities;
        case Action::update: return model == Model::capabilities;
        case Action::members: return model == Model::group;
    }
    return false;
}

}  // namespace conclave::properties
