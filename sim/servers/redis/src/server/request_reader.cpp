#include "server/request_reader.hpp"

#include <limits>

#include "engine/numbers.hpp"

namespace conclave::servers::redis {

namespace {

constexpr std::size_t line_bytes_max = 64 * 1024;
constexpr std::int64_t bulk_bytes_max = 512 * 1024 * 1024;
constexpr std::int64_t untrusted_elements_max = 10;
constexpr std::int64_t untrusted_bulk_bytes_max = 16 * 1024;

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// The character that the escape at `at` (after the backslash) means; moves past it.
char unescape(std::string_view line, std::size_t& at) {
    if (line[at] == 'x' && at + 2 < line.size() && hex_digit(line[at + 1]) >= 0 &&
        hex_digit(line[at + 2]) >= 0) {
        const int code = hex_digit(line[at + 1]) * 16 + hex_digit(line[at + 2]);
        at += 3;
        return static_cast<char>(code);
    }
    const char c = line[at++];
    switch (c) {
        case 'n': return '\n';
        case 'r': return '\r';
        case 't': return '\t';
        case 'b': return '\b';
        case 'a': return '\a';
        default: return c;
    }
}

/// Reads a quoted part; false when the quote is not closed or not followed by a space.
bool take_quoted(std::string_view line, std::size_t& at, std::string& word) {
    const char quote = line[at++];
    while (at < line.size() && line[at] != quote) {
        const bool escape = line[at] == '\\' && at + 1 < line.size();
        if (escape && quote == '"') word += unescape(line, ++at);
        else if (escape && line[at + 1] == '\'') word += line[at + 1], at += 2;
        else word += line[at++];
    }
    if (at == line.size()) return false;
    ++at;
    return at == line.size() || is_space(line[at]);
}

}  // namespace

void RequestReader::feed(std::string_view bytes) {
    if (start_ == buffer_.size()) {
        buffer_.clear();
        at_ -= start_;
        start_ = raw_start_ = 0;
    } else if (start_ > 0) {
        buffer_.erase(0, start_);
        at_ -= start_;
        for (Range& range : ranges_) range.first -= start_;
        start_ = raw_start_ = 0;
    }
    buffer_ += bytes;
}

RequestReader::Next RequestReader::next(Arguments& arguments) {
    if (malformed_) return Next::malformed;
    if (start_ == buffer_.size()) return Next::need_more;
    const Next result = buffer_[start_] == '*' ? parse_array() : parse_inline();
    if (result == Next::need_more && buffered() > buffered_max) return fail("");
    if (result == Next::request) arguments = arguments_;
    return result;
}

std::string RequestReader::take_rest() {
    std::string rest = buffer_.substr(start_);
    buffer_.clear();
    start_ = at_ = raw_start_ = 0;
    return rest;
}

RequestReader::Next RequestReader::fail(std::string text) {
    error_ = std::move(text);
    malformed_ = true;
    return Next::malformed;
}

void RequestReader::finish_request() {
    raw_start_ = start_;
    start_ = at_;
    remaining_ = bulk_length_ = -1;
    ranges_.clear();
}

RequestReader::Next RequestReader::parse_inline() {
    const std::size_t end = buffer_.find('\n', start_);
    if (end == std::string::npos) {
        if (buffered() > line_bytes_max) return fail("Protocol error: too big inline request");
        return Next::need_more;
    }
    std::string_view line = std::string_view(buffer_).substr(start_, end - start_);
    if (line.ends_with('\r')) line.remove_suffix(1);
    at_ = end + 1;
    if (!split_words(line)) return fail("Protocol error: unbalanced quotes in request");
    arguments_.assign(words_.begin(), words_.end());
    finish_request();
    return Next::request;
}

bool RequestReader::split_words(std::string_view line) {
    words_.clear();
    std::size_t at = 0;
    while (true) {
        while (at < line.size() && is_space(line[at])) ++at;
        if (at == line.size()) return true;
        std::string& word = words_.emplace_back();
        while (at < line.size() && !is_space(line[at])) {
            if (line[at] != '"' && line[at] != '\'') word += line[at++];
            else if (!take_quoted(line, at, word)) return false;
        }
    }
}

RequestReader::Line RequestReader::take_line(std::string_view too_long, std::string_view& line) {
    const std::size_t end = buffer_.find('\r', at_);
    if (end == std::string::npos && buffer_.size() - at_ > line_bytes_max) {
        fail(std::string(too_long));
        return Line::malformed;
    }
    if (end == std::string::npos || end + 1 >= buffer_.size()) return Line::incomplete;
    line = std::string_view(buffer_).substr(at_, end - at_);
    at_ = end + 2;
    return Line::complete;
}

RequestReader::Next RequestReader::parse_header() {
    at_ = start_;
    std::string_view line;
    const Line taken = take_line("Protocol error: too big mbulk count string", line);
    if (taken != Line::complete)
        return taken == Line::malformed ? Next::malformed : Next::need_more;
    const auto count = parse_integer(line.substr(1));
    if (!count || *count > std::numeric_limits<int>::max())
        return fail("Protocol error: invalid multibulk length");
    if (*count > untrusted_elements_max && !trusted_)
        return fail("Protocol error: unauthenticated multibulk length");
    remaining_ = *count < 0 ? 0 : *count;
    return Next::request;
}

RequestReader::Next RequestReader::parse_bulk() {
    if (bulk_length_ < 0) {
        std::string_view line;
        const Line taken = take_line("Protocol error: too big bulk count string", line);
        if (taken != Line::complete)
            return taken == Line::malformed ? Next::malformed : Next::need_more;
        if (line.empty() || line[0] != '$')
            return fail("Protocol error: expected '$', got '" +
                        std::string(line.empty() ? "\r" : line.substr(0, 1)) + "'");
        const auto length = parse_integer(line.substr(1));
        if (!length || *length < 0 || *length > bulk_bytes_max)
            return fail("Protocol error: invalid bulk length");
        if (*length > untrusted_bulk_bytes_max && !trusted_)
            return fail("Protocol error: unauthenticated bulk length");
        bulk_length_ = *length;
    }
    const auto length = static_cast<std::size_t>(bulk_length_);
    if (buffer_.size() - at_ < length + 2) return Next::need_more;
    ranges_.emplace_back(at_, length);
    at_ += length + 2;
    bulk_length_ = -1;
    --remaining_;
    return Next::request;
}

RequestReader::Next RequestReader::parse_array() {
    if (remaining_ < 0)
        if (const Next header = parse_header(); header != Next::request) return header;
    while (remaining_ > 0)
        if (const Next bulk = parse_bulk(); bulk != Next::request) return bulk;
    arguments_.clear();
    for (const auto& [offset, length] : ranges_)
        arguments_.push_back(std::string_view(buffer_).substr(offset, length));
    finish_request();
    return Next::request;
}

}  // namespace conclave::servers::redis
