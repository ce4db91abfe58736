#pragma once

// Appends replies to an output buffer in the protocol version that the client chose by HELLO.
// A view: the buffer outlives it. Single-threaded per Runtime.
// Source: RESP2 and RESP3 specifications; networking.c of Redis 7.0.15.

#include <cstdint>
#include <string>
#include <string_view>

namespace conclave::servers::redis {

class ReplyWriter {
public:
    ReplyWriter(std::string& out, int protocol) noexcept : out_(&out), protocol_(protocol) {}

    void ok() { *out_ += "+OK\r\n"; }
    void status(std::string_view text) { line('+', text); }
    /// `text` with its code, "ERR ..." or "WRONGTYPE ..."; line breaks in it become spaces.
    void error(std::string_view text);
    void integer(std::int64_t value) { number(':', value); }
    void bulk(std::string_view bytes);
    void verbatim(std::string_view text);
    void null() { *out_ += protocol_ == 2 ? "$-1\r\n" : "_\r\n"; }
    void null_array() { *out_ += protocol_ == 2 ? "*-1\r\n" : "_\r\n"; }
    void array(std::size_t size) { number('*', static_cast<std::int64_t>(size)); }
    void set(std::size_t size) { number(protocol_ == 2 ? '*' : '~', static_cast<std::int64_t>(size)); }
    void push(std::size_t size) { number(protocol_ == 2 ? '*' : '>', static_cast<std::int64_t>(size)); }
    /// `size` pairs follow.
    void map(std::size_t size);

    /// Where the next reply will begin, and a way back to it.
    std::size_t position() const noexcept { return out_->size(); }
    void rewind(std::size_t position) { out_->resize(position); }
    std::string_view since(std::size_t position) const noexcept {
        return std::string_view(*out_).substr(position);
    }

private:
    void line(char type, std::string_view text);
    void number(char type, std::int64_t value);

    std::string* out_;
    int protocol_;
};

/// Appends one command as a client or a master sends it: an array of bulk strings.
template <class Words>
void append_request(std::string& out, const Words& words) {
    ReplyWriter writer(out, 2);
    writer.array(words.size());
    for (const auto& word : words) writer.bulk(word);
}

}  // namespace conclave::servers::redis
