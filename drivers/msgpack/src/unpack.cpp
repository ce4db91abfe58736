#include <bit>
#include <cstdint>

#include "conclave/codec/msgpack.hpp"

namespace conclave::msgpack {

namespace {

/// Reads by one cursor; after the first problem every read yields nothing.
class Unpacker {
public:
    explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}

    Unpacked run(int depth) {
        Unpacked unpacked;
        unpacked.value = read(depth);
        if (problem_.empty() && at_ != bytes_.size())
            fail(std::to_string(bytes_.size() - at_) + " bytes after the value");
        unpacked.problem = std::move(problem_);
        return unpacked;
    }

private:
    Value read(int depth) {
        if (depth > depth_max) return fail("nested deeper than " + std::to_string(depth_max));
        const auto mark = static_cast<unsigned>(number(1));
        if (!problem_.empty()) return {};
        if (mark <= 0x7f) return Value(static_cast<std::int64_t>(mark));
        if (mark <= 0x8f) return map(mark & 0x0f, depth);
        if (mark <= 0x9f) return array(mark & 0x0f, depth);
        if (mark <= 0xbf) return text(mark & 0x1f);
        if (mark >= 0xe0) return Value(static_cast<std::int64_t>(mark) - 0x100);
        return read_marked(mark, depth);
    }

    Value read_marked(unsigned mark, int depth) {
        switch (mark) {
            case 0xc0: return {};
            case 0xc2: return Value(false);
            case 0xc3: return Value(true);
            case 0xc4:
            case 0xc5:
            case 0xc6: return Blob{take(number(1 << (mark - 0xc4)))};
            case 0xc7:
            case 0xc8:
            case 0xc9: return extension(number(1 << (mark - 0xc7)), depth);
            case 0xca:
                return Value(double{std::bit_cast<float>(static_cast<std::uint32_t>(number(4)))});
            case 0xcb: return Value(std::bit_cast<double>(number(8)));
            case 0xcc:
            case 0xcd:
            case 0xce:
            case 0xcf: return unsigned_integer(number(1 << (mark - 0xcc)));
            case 0xd0:
            case 0xd1:
            case 0xd2:
            case 0xd3: return signed_integer(1 << (mark - 0xd0));
            case 0xd4:
            case 0xd5:
            case 0xd6:
            case 0xd7:
            case 0xd8: return extension(std::uint64_t{1} << (mark - 0xd4), depth);
            case 0xd9:
            case 0xda:
            case 0xdb: return text(number(1 << (mark - 0xd9)));
            case 0xdc:
            case 0xdd: return array(number(2 << (mark - 0xdc)), depth);
            case 0xde:
            case 0xdf: return map(number(2 << (mark - 0xde)), depth);
            default: return fail("the byte 0xc1, which begins no value");
        }
    }

    static Value unsigned_integer(std::uint64_t value) {
        if (value > static_cast<std::uint64_t>(INT64_MAX)) return Value(value);
        return Value(static_cast<std::int64_t>(value));
    }

    Value signed_integer(int bytes) {
        const int unused = 64 - 8 * bytes;
        return Value(static_cast<std::int64_t>(number(bytes) << unused) >> unused);
    }

    Value text(std::uint64_t length) {
        std::string content = take(length);
        if (!is_utf8(content)) return fail("text that is not UTF-8");
        return Value(std::move(content));
    }

    Value array(std::uint64_t length, int depth) {
        Array items;
        // No reservation: a hostile count must not cost memory.
        for (std::uint64_t i = 0; i < length && problem_.empty(); ++i)
            items.push_back(read(depth + 1));
        return Value(std::move(items));
    }

    Value map(std::uint64_t length, int depth) {
        Map entries;
        for (std::uint64_t i = 0; i < length && problem_.empty(); ++i) {
            Value key = read(depth + 1);
            if (problem_.empty() && !key.get_if<std::string>() && !key.get_if<Blob>())
                return fail("a map key that is neither text nor bytes");
            Value value = read(depth + 1);
            entries.emplace_back(std::move(key), std::move(value));
        }
        return Value(std::move(entries));
    }

    // Source: oslo_serialization.msgpackutils: 0 UUID; 1 datetime, 2 count, 3 IP address, 4 set,
    // 5 frozenset, 6 XML-RPC date, 7 date, whose content is MessagePack again.
    Value extension(std::uint64_t length, int depth) {
        const auto type = static_cast<unsigned>(number(1));
        std::string content = take(length);
        if (!problem_.empty()) return {};
        constexpr unsigned uuid = 0;
        constexpr unsigned last = 7;
        if (type == uuid && is_utf8(content)) return Value(std::move(content));
        if (type == uuid || type > last)
            return fail("extension type " + std::to_string(type) + ", which has no plain form");
        Unpacked inner = Unpacker(content).run(depth + 1);
        if (!inner.problem.empty())
            return fail("extension type " + std::to_string(type) + ": " + inner.problem);
        return std::move(inner.value);
    }

    std::uint64_t number(int bytes) {
        std::uint64_t value = 0;
        for (const char c : take(static_cast<std::uint64_t>(bytes)))
            value = value << 8 | static_cast<unsigned char>(c);
        return value;
    }

    std::string take(std::uint64_t length) {
        if (!problem_.empty()) return {};
        if (length > bytes_.size() - at_) {
            fail(std::to_string(length) + " bytes expected, " +
                 std::to_string(bytes_.size() - at_) + " are there");
            return {};
        }
        const std::string_view taken = bytes_.substr(at_, length);
        at_ += length;
        return std::string(taken);
    }

    Value fail(const std::string& problem) {
        if (problem_.empty()) problem_ = "at byte " + std::to_string(at_) + ": " + problem;
        return {};
    }

    std::string_view bytes_;
    std::size_t at_ = 0;
    std::string problem_;
};

}  // namespace

Unpacked unpack(std::string_view bytes) { return Unpacker(bytes).run(0); }

}  // namespace conclave::msgpack
