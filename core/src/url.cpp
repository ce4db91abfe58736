#include "conclave/url.hpp"

#include <charconv>

#include "conclave/error.hpp"

namespace conclave {

namespace {

[[noreturn]] void bad_url(std::string_view text, const std::string& why) {
    throw BadOption("bad URL '" + without_secrets(text) + "': " + why);
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// A '%' that is not followed by two hex digits stands for itself, as in Python's unquote().
std::string decode(std::string_view text, bool plus_is_space) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                            hex_digit(text[i + 2]) >= 0;
        if (escape) {
            decoded += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            decoded += plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
    }
    return decoded;
}

std::string_view take_until(std::string_view& rest, char separator) {
    const std::size_t at = rest.find(separator);
    const std::string_view head = rest.substr(0, at);
    rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
    return head;
}

std::string parse_scheme(std::string_view url, std::string_view text) {
    std::string scheme;
    for (const char c : text) {
        const bool upper = c >= 'A' && c <= 'Z';
        const bool letter = upper || (c >= 'a' && c <= 'z');
        const bool other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (!letter && (scheme.empty() || !other))
            bad_url(url, "scheme '" + std::string(text) + "' is not a URL scheme");
        scheme += upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (scheme.empty()) bad_url(url, "expected scheme://..., the scheme is empty");
    return scheme;
}

std::uint16_t parse_port(std::string_view url, std::string_view text) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65535)
        bad_url(url, "port '" + std::string(text) + "', expected 1..65535");
    return static_cast<std::uint16_t>(port);
}

void parse_host(std::string_view url, std::string_view text, Url& parsed) {
    std::string_view port;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) bad_url(url, "'[' without ']' in the host");
        parsed.host = text.substr(1, end - 1);
        port = text.substr(end + 1);
        if (!port.empty() && !port.starts_with(':'))
            bad_url(url, "expected ':port' after ']', got '" + std::string(port) + "'");
        if (!port.empty()) port.remove_prefix(1);
    } else {
        const std::size_t colon = text.find(':');
        parsed.host = text.substr(0, colon);
        if (colon != std::string_view::npos) port = text.substr(colon + 1);
    }
    if (!port.empty()) parsed.port = parse_port(url, port);
}

void parse_authority(std::string_view url, std::string_view authority, Url& parsed) {
    const std::size_t at = authority.rfind('@');
    if (at != std::string_view::npos) {
        std::string_view credentials = authority.substr(0, at);
        parsed.user = decode(take_until(credentials, ':'), false);
        parsed.password = decode(credentials, false);
        authority.remove_prefix(at + 1);
    }
    parse_host(url, authority, parsed);
}

Options parse_query(std::string_view query) {
    Options options;
    while (!query.empty()) {
        std::string_view value = take_until(query, '&');
        const std::string_view key = take_until(value, '=');
        if (!value.empty()) options.emplace(decode(key, true), decode(value, true));
    }
    return options;
}

}  // namespace

Url parse_url(std::string_view text) {
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos) bad_url(text, "expected scheme://...");
    Url parsed;
    parsed.scheme = parse_scheme(text, text.substr(0, colon));
    std::string_view rest = text.substr(colon + 3);
    rest = rest.substr(0, rest.find('#'));
    std::string_view query = rest;
    rest = take_until(query, '?');
    const std::size_t slash = rest.find('/');
    if (slash != std::string_view::npos) parsed.path = rest.substr(slash);
    parse_authority(text, rest.substr(0, slash), parsed);
    parsed.query = parse_query(query);
    return parsed;
}

std::string without_secrets(std::string_view url) {
    const std::size_t query = url.find('?');
    const std::string_view address = url.substr(0, query);
    const std::size_t colon = address.find("://");
    const std::size_t start = colon == std::string_view::npos ? 0 : colon + 3;
    const std::size_t at = address.rfind('@');
    std::string shown(address.substr(0, start));
    if (at != std::string_view::npos && at >= start)
        shown.append("***").append(address.substr(at));
    else
        shown.append(address.substr(start));
    if (query != std::string_view::npos) shown += "?***";
    return shown;
}

std::string seconds_text(Duration length) {
    const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(length).count();
    const std::string digits = std::to_string(milliseconds < 0 ? -milliseconds : milliseconds);
    const std::string padded = std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
    const std::size_t whole = padded.size() - 3;
    return (milliseconds < 0 ? "-" : "") + padded.substr(0, whole) + '.' + padded.substr(whole);
}

Options merge_options(const Options& code, const Options& query) {
    Options merged = code;
    for (const auto& [key, value] : query)
        if (!code.contains(key)) merged.emplace(key, value);
    return merged;
}

}  // namespace conclave
