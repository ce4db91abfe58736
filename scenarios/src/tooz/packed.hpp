#pragma once

// Values as tooz writes them.

#include <string>

#include "conclave/codec/msgpack.hpp"
#include "conclave/error.hpp"

namespace conclave::tooz {

inline std::string packed(const Value& value) {
    msgpack::Packed packed = msgpack::pack(value);
    if (!packed.problem.empty()) throw SerializationError(packed.problem);
    return std::move(packed.bytes);
}

inline Value unpacked(const std::string& bytes) {
    msgpack::Unpacked unpacked = msgpack::unpack(bytes);
    if (!unpacked.problem.empty()) throw SerializationError(unpacked.problem);
    return std::move(unpacked.value);
}

}  // namespace conclave::tooz
