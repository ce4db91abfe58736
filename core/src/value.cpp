#include "conclave/value.hpp"

#include <ostream>
#include <string_view>

namespace conclave {

namespace {

void print_quoted(std::ostream& out, std::string_view bytes, bool text) {
    constexpr char digits[] = "0123456789abcdef";
    out << (text ? "\"" : "b\"");
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            out << '\\' << c;
        else if (byte >= 0x20 && (text ? byte != 0x7f : byte < 0x7f))
            out << c;
        else
            out << "\\x" << digits[byte >> 4] << digits[byte & 15];
    }
    out << '"';
}

struct Printer {
    std::ostream& out;

    void operator()(std::monostate) const { out << "null"; }
    void operator()(bool value) const { out << (value ? "true" : "false"); }
    void operator()(std::int64_t value) const { out << value; }
    void operator()(std::uint64_t value) const { out << value; }
    void operator()(double value) const { out << value; }
    void operator()(const std::string& text) const { print_quoted(out, text, true); }
    void operator()(const Blob& blob) const { print_quoted(out, blob.bytes, false); }
    void operator()(const Array& items) const {
        out << '[';
        for (std::size_t i = 0; i < items.size(); ++i) out << (i ? ", " : "") << items[i];
        out << ']';
    }
    void operator()(const Map& entries) const {
        out << '{';
        for (std::size_t i = 0; i < entries.size(); ++i)
            out << (i ? ", " : "") << entries[i].first << ": " << entries[i].second;
        out << '}';
    }
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const Value& value) {
    std::visit(Printer{out}, value.storage());
    return out;
}

}  // namespace conclave
