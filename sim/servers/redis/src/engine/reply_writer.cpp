#include "engine/reply_writer.hpp"

#include <charconv>

namespace conclave::servers::redis {

void ReplyWriter::line(char type, std::string_view text) {
    *out_ += type;
    *out_ += text;
    *out_ += "\r\n";
}

void ReplyWriter::number(char type, std::int64_t value) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    line(type, std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

void ReplyWriter::error(std::string_view text) {
    const std::size_t start = out_->size() + 1;
    line('-', text);
    for (std::size_t i = start; i < out_->size() - 2; ++i)
        if ((*out_)[i] == '\r' || (*out_)[i] == '\n') (*out_)[i] = ' ';
}

void ReplyWriter::bulk(std::string_view bytes) {
    number('$', static_cast<std::int64_t>(bytes.size()));
    *out_ += bytes;
    *out_ += "\r\n";
}

void ReplyWriter::verbatim(std::string_view text) {
    if (protocol_ == 2) return bulk(text);
    number('=', static_cast<std::int64_t>(text.size() + 4));
    *out_ += "txt:";
    *out_ += text;
    *out_ += "\r\n";
}

void ReplyWriter::map(std::size_t size) {
    if (protocol_ == 2) array(size * 2);
    else number('%', static_cast<std::int64_t>(size));
}

}  // namespace conclave::servers::redis
