#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "conclave/codec/msgpack.hpp"

namespace conclave::msgpack {

namespace {

/// The first bytes of the families that come in several sizes.
struct Family {
    unsigned fixed;  ///< with the length in its low bits
    std::size_t fixed_max;
    unsigned eight;  ///< 0: the family has no 8-bit form
    unsigned sixteen;
    unsigned thirty_two;
};
constexpr Family text_family{0xa0, 31, 0xd9, 0xda, 0xdb};
constexpr Family array_family{0x90, 15, 0, 0xdc, 0xdd};
constexpr Family map_family{0x80, 15, 0, 0xde, 0xdf};
constexpr std::size_t no_fixed = std::numeric_limits<std::size_t>::max();
constexpr Family blob_family{0, no_fixed, 0xc4, 0xc5, 0xc6};

class Packer {
public:
    Packed run(const Value& value) {
        write(value, 0);
        return std::move(packed_);
    }

private:
    void write(const Value& value, int depth) {
        if (depth > depth_max) return fail("nested deeper than " + std::to_string(depth_max));
        std::visit([&](const auto& content) { write_content(content, depth); }, value.storage());
    }

    void write_content(std::monostate, int) { byte(0xc0); }
    void write_content(bool value, int) { byte(value ? 0xc3 : 0xc2); }
    void write_content(double value, int) { marked(0xcb, std::bit_cast<std::uint64_t>(value), 8); }

    void write_content(std::uint64_t value, int) {
        if (value < 0x80) return byte(static_cast<unsigned>(value));
        if (value <= 0xff) return marked(0xcc, value, 1);
        if (value <= 0xffff) return marked(0xcd, value, 2);
        if (value <= 0xffff'ffff) return marked(0xce, value, 4);
        marked(0xcf, value, 8);
    }

    void write_content(std::int64_t value, int depth) {
        const auto bits = static_cast<std::uint64_t>(value);
        if (value >= 0) return write_content(bits, depth);
        if (value >= -32) return byte(static_cast<unsigned>(bits & 0xff));
        if (value >= std::numeric_limits<std::int8_t>::min()) return marked(0xd0, bits, 1);
        if (value >= std::numeric_limits<std::int16_t>::min()) return marked(0xd1, bits, 2);
        if (value >= std::numeric_limits<std::int32_t>::min()) return marked(0xd2, bits, 4);
        marked(0xd3, bits, 8);
    }

    void write_content(const std::string& text, int) {
        if (!is_utf8(text)) return fail("text that is not UTF-8; expected bytes for it");
        header(text_family, text.size());
        packed_.bytes += text;
    }

    void write_content(const Blob& blob, int) {
        header(blob_family, blob.bytes.size());
        packed_.bytes += blob.bytes;
    }

    void write_content(const Array& items, int depth) {
        header(array_family, items.size());
        for (const Value& item : items) write(item, depth + 1);
    }

    void write_content(const Map& entries, int depth) {
        header(map_family, entries.size());
        for (const auto& [key, value] : entries) {
            if (!key.get_if<std::string>() && !key.get_if<Blob>())
                return fail("a map key that is neither text nor bytes");
            write(key, depth + 1);
            write(value, depth + 1);
        }
    }

    void header(const Family& family, std::size_t length) {
        const bool fixed = family.fixed_max != no_fixed && length <= family.fixed_max;
        if (fixed) return byte(family.fixed | static_cast<unsigned>(length));
        if (family.eight && length <= 0xff) return marked(family.eight, length, 1);
        if (length <= 0xffff) return marked(family.sixteen, length, 2);
        if (length <= 0xffff'ffff) return marked(family.thirty_two, length, 4);
        fail("longer than 4 GiB");
    }

    void byte(unsigned value) { packed_.bytes += static_cast<char>(value); }

    void marked(unsigned mark, std::uint64_t value, int bytes) {
        byte(mark);
        for (int i = bytes - 1; i >= 0; --i) byte(static_cast<unsigned>(value >> (8 * i)) & 0xff);
    }

    void fail(std::string problem) {
        if (packed_.problem.empty()) packed_.problem = std::move(problem);
    }

    Packed packed_;
};

}  // namespace

Packed pack(const Value& value) { return Packer().run(value); }

bool is_utf8(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const int length = lead < 0x80       ? 1
                           : lead >> 5 == 6  ? 2
                           : lead >> 4 == 14 ? 3
                           : lead >> 3 == 30 ? 4
                                             : 0;
        if (length == 0 || i + static_cast<std::size_t>(length) > text.size()) return false;
        std::uint32_t point = length == 1 ? lead : lead & (0x7fU >> length);
        for (int k = 1; k < length; ++k) {
            const auto next = static_cast<unsigned char>(text[i + static_cast<std::size_t>(k)]);
            if (next >> 6 != 2) return false;
            point = point << 6 | (next & 0x3f);
        }
        constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
        const bool surrogate = point >= 0xd800 && point <= 0xdfff;
        if (point < smallest[length] || point > 0x10ffff || surrogate) return false;
        i += static_cast<std::size_t>(length);
    }
    return true;
}

}  // namespace conclave::msgpack
