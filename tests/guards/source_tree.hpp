#pragma once

// The files of the repository as the guards see them: read once, with comments and literals blanked
// out in a second copy so that a rule about code does not fire on prose.

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace conclave::guards {

struct SourceFile {
    std::string path;  ///< relative to the root, with '/'
    std::string text;  ///< as it is on disk
    std::string code;  ///< the same length and lines; comments and literals are blanks
};

/// One broken rule.
struct Finding {
    std::string path;
    int line = 0;
    std::string message;
    friend bool operator==(const Finding&, const Finding&) = default;
};
std::ostream& operator<<(std::ostream& out, const Finding& finding);

SourceFile make_source(std::string path, std::string text);

/// Every text file of the project below `root`, sorted by path; build output and dot folders are
/// skipped, apart from .ci.
std::vector<SourceFile> read_tree(const std::filesystem::path& root);

bool is_cpp(const SourceFile& file);
bool starts_with_any(const std::string& path, const std::vector<std::string>& prefixes);

/// The 1-based line of `offset` in `text`.
int line_of(const std::string& text, std::size_t offset);

}  // namespace conclave::guards
