#pragma once

// The options of a file:// URL, checked and with their defaults.
// Source: tooz drivers/file.py; the options marked "ours" are not in it.

#include <cstdint>
#include <string>

#include "conclave/time.hpp"
#include "conclave/url.hpp"

namespace conclave::file {

/// Where locks lie.
enum class Layout : std::uint8_t {
    tooz,      ///< where tooz has them; a name is a path, and some are refused
    conclave,  ///< ours: any name of 1 to 1024 bytes
};

struct FileOptions {
    std::string folder;  ///< absolute, without a slash at its end
    /// A member is in its group while its file is no older than this. Every process judges by its
    /// own setting, so all of them need the same one.
    Duration membership_timeout = std::chrono::seconds(10);
    bool shared = false;           ///< ours: the folder is on a file system that other hosts mount
    Layout layout = Layout::tooz;  ///< ours
    bool mixed_peers = false;      ///< ours: processes that use tooz itself take part
};

/// Reads `url` and `options` (already merged with the URL's query). Errors: no effect - BadOption
/// naming the option, its value and what was expected.
FileOptions parse_file_options(const Url& url, const Options& options);

}  // namespace conclave::file
