#pragma once

// MessagePack as Python's oslo.serialization writes and reads it: Value to bytes and back. Pure; no
// I/O. Never throws but std::bad_alloc.
// Source: msgpack.org specification; oslo_serialization.msgpackutils; python-msgpack with
// use_bin_type=True on writing, raw=False and strict_map_key=True on reading.

#include <string>
#include <string_view>

#include "conclave/value.hpp"

namespace conclave::msgpack {

/// Nesting beyond this is refused, both ways.
inline constexpr int depth_max = static_cast<int>(Value::depth_max);

struct Packed {
    std::string bytes;
    std::string problem;  ///< empty when `bytes` is complete
};
/// Writes `value` in the smallest encodings. Refuses what a Python peer could not read: map keys
/// that are not text or bytes, and text that is not UTF-8.
Packed pack(const Value& value);

struct Unpacked {
    Value value;
    std::string problem;  ///< what is wrong and at which byte; empty when `value` is complete
};
/// Reads one value that fills `bytes`. The extension types of oslo.serialization become their plain
/// content: UUID its text, sets arrays, dates maps; other extension types are a problem.
Unpacked unpack(std::string_view bytes);

/// Whether `text` is well-formed UTF-8 (RFC 3629).
bool is_utf8(std::string_view text) noexcept;

}  // namespace conclave::msgpack
