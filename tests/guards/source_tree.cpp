#include "source_tree.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

namespace conclave::guards {
namespace {

namespace fs = std::filesystem;

void blank(std::string& code, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < std::min(to, code.size()); ++i)
        if (code[i] != '\n') code[i] = ' ';
}

std::size_t end_of_quoted(const std::string& text, std::size_t start) {
    for (std::size_t i = start + 1; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == text[start] || text[i] == '\n')
            return i + 1;
    }
    return text.size();
}

std::size_t end_of_raw_string(const std::string& text, std::size_t start) {
    const std::size_t open = text.find('(', start);
    if (open == std::string::npos) return text.size();
    const std::string close = ")" + text.substr(start + 2, open - start - 2) + "\"";
    const std::size_t end = text.find(close, open);
    return end == std::string::npos ? text.size() : end + close.size();
}

bool is_word(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)); }

/// Where the comment or literal that begins at `at` ends; `at` itself when none does.
std::size_t end_of_prose(const std::string& text, std::size_t at) {
    if (text.compare(at, 2, "//") == 0) return std::min(text.find('\n', at), text.size());
    if (text.compare(at, 2, "/*") == 0) return std::min(text.find("*/", at) + 2, text.size());
    if (text.compare(at, 2, "R\"") == 0) return end_of_raw_string(text, at);
    if (text[at] == '"') return end_of_quoted(text, at);
    const bool digit_separator = at > 0 && is_word(text[at - 1]);
    if (text[at] == '\'' && !digit_separator) return end_of_quoted(text, at);
    return at;
}

bool is_include(const std::string& text, std::size_t line_start) {
    const std::size_t first = text.find_first_not_of(" \t", line_start);
    return first != std::string::npos && text.compare(first, 8, "#include") == 0;
}

std::string strip_prose(const std::string& text) {
    std::string code = text;
    std::size_t i = 0;
    while (i < text.size()) {
        const bool line_start = i == 0 || text[i - 1] == '\n';
        if (line_start && is_include(text, i)) {
            i = std::min(text.find('\n', i), text.size());
            continue;
        }
        const std::size_t end = end_of_prose(text, i);
        blank(code, i, end);
        i = std::max(end, i + 1);
    }
    return code;
}

bool skipped_folder(const fs::path& path) {
    const std::string name = path.filename().string();
    return name == "build" || (name.starts_with('.') && name != ".ci");
}

bool is_text(const fs::path& path) {
    static const std::set<std::string> extensions = {
        ".hpp", ".cpp", ".md", ".txt", ".cmake", ".py", ".toml", ".json", ".sh", ".in", ".plan"};
    const std::string folder = path.parent_path().filename().string();
    return extensions.contains(path.extension().string()) || folder == "scripts" || folder == ".ci";
}

std::string read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Finding& finding) {
    return out << finding.path << ':' << finding.line << ": " << finding.message;
}

SourceFile make_source(std::string path, std::string text) {
    std::string code = strip_prose(text);
    return {std::move(path), std::move(text), std::move(code)};
}

std::vector<SourceFile> read_tree(const fs::path& root) {
    std::vector<SourceFile> files;
    for (auto entry = fs::recursive_directory_iterator(root); entry != fs::end(entry); ++entry) {
        if (entry->is_directory() && skipped_folder(entry->path()))
            entry.disable_recursion_pending();
        if (!entry->is_regular_file() || !is_text(entry->path())) continue;
        files.push_back(make_source(fs::relative(entry->path(), root).generic_string(),
                                    read_file(entry->path())));
    }
    std::sort(files.begin(), files.end(),
              [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
    return files;
}

bool is_cpp(const SourceFile& file) {
    return file.path.ends_with(".hpp") || file.path.ends_with(".cpp");
}

bool starts_with_any(const std::string& path, const std::vector<std::string>& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](const std::string& prefix) { return path.starts_with(prefix); });
}

int line_of(const std::string& text, std::size_t offset) {
    return 1 + static_cast<int>(
                   std::count(text.begin(), text.begin() + static_cast<long>(offset), '\n'));
}

}  // namespace conclave::guards
