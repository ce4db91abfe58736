#pragma once

// A capabilities value: what MessagePack, JSON and the backends' encodings have in common. A plain
// value type; safe to copy between threads.

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace conclave {

class Value;
using Array = std::vector<Value>;
/// Insertion-ordered; keys are text or bytes, unique by the writer's care.
using Map = std::vector<std::pair<Value, Value>>;

/// Bytes that are not text; text is a std::string holding UTF-8.
struct Blob {
    std::string bytes;
    friend bool operator==(const Blob&, const Blob&) = default;
};

/// Null, bool, integer, double, text, bytes, array or map.
///
/// Limits:  integers are -2^63..2^64-1; one that was read is an int64 where that can hold it. What is
///          read or written nests at most depth_max deep; drivers take map keys of text or bytes only,
///          and text that is UTF-8.
/// Source:  the types of MessagePack (msgpack.org specification), as oslo.serialization packs them
class Value {
public:
    /// In how many arrays and maps a value may lie that is read or written, as JSON or by a driver.
    static constexpr std::size_t depth_max = 32;

    using Storage = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double,
                                 std::string, Blob, Array, Map>;

    Value() = default;
    Value(bool value) : storage_(value) {}
    Value(int value) : storage_(std::int64_t{value}) {}
    Value(std::int64_t value) : storage_(value) {}
    Value(std::uint64_t value) : storage_(value) {}
    Value(double value) : storage_(value) {}
    Value(const char* text) : storage_(std::string(text)) {}
    Value(std::string text) : storage_(std::move(text)) {}
    Value(Blob bytes) : storage_(std::move(bytes)) {}
    Value(Array items) : storage_(std::move(items)) {}
    Value(Map entries) : storage_(std::move(entries)) {}

    /// The value that `text` writes in JSON. An integer stays exact; a number with a fraction or an
    /// exponent is a double. Keys keep their order.
    ///
    /// Errors:  none - SerializationError naming the byte at which it was noticed, counted from 0, and
    ///          what was expected: for what is no JSON,
    ///          a key that an object has twice, an integer outside -2^63..2^64-1, a number too large
    ///          for a double, text that is not UTF-8, deeper nesting than depth_max
    /// Source:  RFC 8259
    static Value json(std::string_view text);
    /// This value in JSON, on one line, for json() to read back. Bytes become text, with U+FFFD for
    /// what is not UTF-8; keys that are not text are written as text; a double that is no number
    /// becomes null.
    ///
    /// Errors:  none - SerializationError for deeper nesting than depth_max
    /// Source:  RFC 8259
    std::string to_json() const;

    bool is_null() const noexcept { return storage_.index() == 0; }
    const Storage& storage() const noexcept { return storage_; }
    template <class T>
    const T* get_if() const noexcept { return std::get_if<T>(&storage_); }

    friend bool operator==(const Value&, const Value&) = default;

private:
    Storage storage_;
};

/// Prints a JSON-like form; bytes as b"..." with \x escapes.
std::ostream& operator<<(std::ostream& out, const Value& value);

}  // namespace conclave
