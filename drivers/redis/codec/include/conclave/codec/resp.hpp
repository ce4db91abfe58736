#pragma once

// RESP2, the Redis protocol, both ways: bytes to values and values to bytes. No I/O, no clock; used
// by the driver's client and by the simulated server. hiredis does the parsing and the formatting of
// commands. Single-threaded per Reader.
// Source: redis.io "RESP protocol spec"; hiredis 0.14 (RESP2 only, nesting to depth 7).

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace conclave::resp {

enum class Type : std::uint8_t { status, error, integer, bulk, null, array };

/// One value. `text` belongs to status, error and bulk; `elements` to array.
struct Reply {
    Type type = Type::null;
    std::int64_t integer = 0;
    std::string text;
    std::vector<Reply> elements;
    bool null_array = false;  ///< a null written as `*-1` instead of `$-1`

    bool is_status(std::string_view expected) const {
        return type == Type::status && text == expected;
    }
    friend bool operator==(const Reply&, const Reply&) = default;
};

Reply status(std::string text);
Reply error(std::string text);
Reply integer(std::int64_t value);
Reply bulk(std::string bytes);
Reply null();
Reply null_array();
Reply array(std::vector<Reply> elements);
std::string_view to_string(Type type) noexcept;
/// As redis-cli prints it, on one line; long texts are cut.
std::ostream& operator<<(std::ostream& out, const Reply& reply);

enum class Decode : std::uint8_t { message, need_more, malformed };

/// What a Reader accepts. A message beyond it is malformed before memory is spent on it.
struct Limits {
    std::size_t bulk_bytes_max = 64 * 1024 * 1024;  ///< text of one message, all its parts together
    std::size_t elements_max = 1024 * 1024;         ///< elements of one message, all arrays together
};

/// Turns a byte stream, however it is cut, into messages. Never throws but std::bad_alloc.
class Reader {
public:
    explicit Reader(Limits limits = {});
    ~Reader();
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;

    /// Copies `bytes` into the reader. Bounded by Limits once next() is asked.
    void feed(std::string_view bytes);
    /// After `malformed` the stream is beyond repair: every later call says so again.
    Decode next(Reply& reply);
    /// What was wrong, where and what was expected; empty unless malformed.
    std::string_view error() const noexcept;
    /// Bytes fed and not yet returned in a message.
    std::size_t buffered() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Appends `arguments` as a command: an array of bulk strings.
void append_command(std::string& out, std::span<const std::string_view> arguments);
/// Appends `reply` as a server writes it.
void append_reply(std::string& out, const Reply& reply);

}  // namespace conclave::resp
