#include "capabilities.hpp"

#include "conclave/codec/msgpack.hpp"
#include "conclave/error.hpp"

namespace conclave::common {

std::string pack_capabilities(const Value& capabilities) {
    msgpack::Packed packed = msgpack::pack(capabilities);
    if (!packed.problem.empty())
        throw SerializationError("capabilities cannot be written: " + packed.problem);
    if (packed.bytes.size() > capabilities_bytes_max)
        throw SerializationError("capabilities cannot be written: " +
                                 std::to_string(packed.bytes.size()) +
                                 " bytes of MessagePack, expected at most " +
                                 std::to_string(capabilities_bytes_max));
    return std::move(packed.bytes);
}

Value unpack_capabilities(const std::string& packed, const std::string& group,
                          const std::string& member) {
    msgpack::Unpacked unpacked = msgpack::unpack(packed);
    if (!unpacked.problem.empty())
        throw SerializationError("capabilities of " + member + " in " + group +
                                 " cannot be read: " + unpacked.problem);
    // tooz before 9.0 writes empty bytes for none.
    const Blob* const blob = unpacked.value.get_if<Blob>();
    return blob && blob->bytes.empty() ? Value() : std::move(unpacked.value);
}

}  // namespace conclave::common
