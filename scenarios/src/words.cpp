#include "conclave/scenarios/words.hpp"

namespace conclave::scenarios {

namespace {
std::string status_text(properties::Status status) {
    if (status == properties::Status::ok) return "";
    return status == properties::Status::failed ? "failed: " : "unknown: ";
}
}  // namespace

std::string shortened(const std::string& text, std::size_t bytes) {
    return text.size() <= bytes ? text : text.substr(0, bytes - 3) + "...";
}

std::string call_text(const properties::Operation& operation) {
    return operation.client + " " + operation.action + " " + operation.object;
}

std::string return_text(const properties::Operation& operation, std::size_t result_bytes_max) {
    return call_text(operation) + " -> " + status_text(operation.status) +
           shortened(operation.result, result_bytes_max);
}

}  // namespace conclave::scenarios
