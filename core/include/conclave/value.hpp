#pragma once

// A capabilities value: what MessagePack, JSON and the backends' encodings have in common. A plain
// value type; safe to copy between threads.

#include <cstdint>
#include <iosfwd>
#include <string>
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

class Value {
public:
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
