#include "fence.hpp"

#include "conclave/codec/msgpack.hpp"
#include "conclave/error.hpp"
#include "entries.hpp"

namespace conclave::file {

namespace {

bool parse(const Value& value, Fence& fence) {
    const Value* const token = entry(value, "token");
    const std::optional<std::string> member_id = bytes_of(entry(value, "member_id"));
    if (!token || !member_id) return false;
    fence.member_id = *member_id;
    if (const auto* const number = token->get_if<std::int64_t>())
        fence.token = static_cast<std::uint64_t>(*number);
    else if (const auto* const large = token->get_if<std::uint64_t>())
        fence.token = *large;
    return fence.token > 0;
}

}  // namespace

Fence read_fence(Folder& folder, const std::string& path) {
    Fence fence;
    const std::optional<FileRead> read = folder.read(path);
    if (!read) return fence;
    const msgpack::Unpacked unpacked = msgpack::unpack(read->content);
    if (!unpacked.problem.empty() || !parse(unpacked.value, fence))
        throw SerializationError("file: " + path + " is damaged, expected a fencing counter");
    return fence;
}

void write_fence(Folder& folder, const std::string& path, const Fence& fence) {
    const Map content{{"token", fence.token}, {"member_id", Blob{fence.member_id}}};
    folder.replace(path, msgpack::pack(content).bytes);
}

}  // namespace conclave::file
