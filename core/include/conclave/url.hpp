#pragma once

// Backend URLs and options. Pure values; safe on any thread.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "conclave/time.hpp"

namespace conclave {

/// Settings by name; a repeated key is a list. Options given in code win over the URL's query.
using Options = std::multimap<std::string, std::string>;

/// `scheme://[user[:password]@]host[:port]/path?key=value&...`, taken apart.
struct Url {
    std::string scheme;      ///< lower case
    std::string user;        ///< percent-decoded (the seed does not decode it)
    std::string password;    ///< percent-decoded
    std::string host;        ///< without the brackets of an IPv6 address; may be empty
    std::uint16_t port = 0;  ///< 0 when absent
    std::string path;        ///< as written, with its leading slash
    Options query;           ///< decoded; blank values are dropped
};

/// Takes `text` apart. Errors: no effect - BadOption naming what is wrong and what was expected.
/// Source: RFC 3986; the query as Python's urllib.parse.parse_qs reads it.
Url parse_url(std::string_view text);

/// `url` for a message or a log: user, password and query are replaced by `***`.
std::string without_secrets(std::string_view url);

/// `length` as the value of an option: seconds with three decimals, rounded down, in every locale.
std::string seconds_text(Duration length);

/// The options in force: every key of `code`, and the keys of `query` that `code` lacks.
Options merge_options(const Options& code, const Options& query);

}  // namespace conclave
