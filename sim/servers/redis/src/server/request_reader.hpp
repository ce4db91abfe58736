#pragma once

// Cuts a client's bytes into commands: arrays of bulk strings, or words on a line. Bounds what it
// keeps; never throws but std::bad_alloc. Single-threaded per reader.
// Source: processMultibulkBuffer() and processInlineBuffer() in networking.c of Redis 7.0.15.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/engine.hpp"

namespace conclave::servers::redis {

class RequestReader {
public:
    enum class Next : std::uint8_t { request, need_more, malformed };

    void feed(std::string_view bytes);
    /// On `request`, `arguments` stay valid until the next feed(); they may be none at all.
    Next next(Arguments& arguments);
    /// What to tell the client before its connection is closed; empty: close without a word.
    const std::string& error() const noexcept { return error_; }
    /// The bytes of the request that next() returned last.
    std::string_view raw() const noexcept {
        return std::string_view(buffer_).substr(raw_start_, start_ - raw_start_);
    }
    std::size_t buffered() const noexcept { return buffer_.size() - start_; }
    /// Takes everything fed and not yet parsed, for a reader of another format.
    std::string take_rest();

    /// Before AUTH a client may send little only.
    void set_trusted(bool trusted) noexcept { trusted_ = trusted; }

    static constexpr std::size_t buffered_max = 16 * 1024 * 1024;

private:
    using Range = std::pair<std::size_t, std::size_t>;
    enum class Line : std::uint8_t { complete, incomplete, malformed };

    Next parse_inline();
    Next parse_array();
    Next parse_header();
    Next parse_bulk();
    bool split_words(std::string_view line);
    Line take_line(std::string_view too_long, std::string_view& line);
    Next fail(std::string text);
    void finish_request();

    std::string buffer_;
    std::size_t start_ = 0;      ///< of the request being parsed
    std::size_t at_ = 0;         ///< how far it is parsed
    std::size_t raw_start_ = 0;
    std::int64_t remaining_ = -1;  ///< bulk strings still to come; -1 before the header
    std::int64_t bulk_length_ = -1;
    std::vector<Range> ranges_;
    std::vector<std::string> words_;
    std::vector<std::string_view> arguments_;
    std::string error_;
    bool trusted_ = true;
    bool malformed_ = false;
};

}  // namespace conclave::servers::redis
