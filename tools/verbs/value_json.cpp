#include "value_json.hpp"

#include "backend.hpp"
#include "conclave/error.hpp"

namespace conclave::tool {

using Json = nlohmann::ordered_json;

Json to_json(const Value& value) { return Json::parse(value.to_json()); }

Value value_of(const std::string& text, const std::string& option) {
    try {
        return Value::json(text);
    } catch (const SerializationError& error) {
        throw UsageError(option + " '" + text + "': expected JSON: " + error.what());
    }
}

std::string line_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace conclave::tool
