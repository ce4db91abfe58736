// Rules about whole files: their size, the paths in them, and where their links lead.

#include <algorithm>
#include <cctype>
#include <regex>
#include <sstream>
#include <string>

#include "rules.hpp"

namespace conclave::guards {
namespace {

namespace fs = std::filesystem;

constexpr int header_lines_max = 150;
constexpr int source_lines_max = 300;
constexpr int test_lines_max = 400;

constexpr int function_lines_max = 70;

int lines_max(const std::string& path) {
    if (path.starts_with("tests/")) return test_lines_max;
    return path.ends_with(".hpp") ? header_lines_max : source_lines_max;
}

bool is_word(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)); }

int count_lines(const std::string& text) {
    return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

std::string too_long(int lines, int limit) {
    return std::to_string(lines) + " lines, the limit is " + std::to_string(limit);
}

bool opens_function(const std::string& line) {
    const bool outermost = !line.empty() && (is_word(line.front()) || line.front() == '[');
    return outermost && line.ends_with('{') && line.find(')') != std::string::npos;
}

void check_functions(const SourceFile& file, Findings& findings) {
    std::istringstream lines(file.code);
    std::string line;
    int number = 0;
    int opened = 0;
    while (std::getline(lines, line)) {
        ++number;
        if (opens_function(line)) opened = number;
        if (!line.starts_with('}') || opened == 0) continue;
        const int length = number - opened + 1;
        if (length > function_lines_max)
            findings.push_back(
                {file.path, opened, "a function of " + too_long(length, function_lines_max)});
        opened = 0;
    }
}

/// Joined here so that this file does not break its own rule.
std::vector<std::string> home_folders() {
    return {std::string("/wo") + "rk/", std::string("/ho") + "me/", std::string("/ro") + "ot/"};
}

bool is_local(const std::string& target) {
    return !target.empty() && target.front() != '#' && target.find("://") == std::string::npos &&
           !target.starts_with("mailto:");
}

void check_links(const SourceFile& file, const fs::path& root, Findings& findings) {
    static const std::regex pattern(R"(\]\(([^)\s]+)\))");
    for (std::sregex_iterator it(file.text.begin(), file.text.end(), pattern), end; it != end;
         ++it) {
        const std::string target = (*it)[1];
        if (!is_local(target)) continue;
        const fs::path path =
            root / fs::path(file.path).parent_path() / target.substr(0, target.find('#'));
        if (fs::exists(path)) continue;
        findings.push_back({file.path, line_of(file.text, static_cast<std::size_t>(it->position())),
                            "the link leads nowhere: " + target});
    }
}

}  // namespace

Findings size_limits(const Files& files, const std::map<std::string, int>& allowed) {
    Findings findings;
    std::map<std::string, int> unused = allowed;
    for (const SourceFile& file : files) {
        const int lines = count_lines(file.text);
        if (!is_cpp(file) || lines <= lines_max(file.path)) continue;
        unused.erase(file.path);
        const auto entry = allowed.find(file.path);
        const int limit = entry == allowed.end() ? lines_max(file.path) : entry->second;
        if (lines > limit) findings.push_back({file.path, lines, too_long(lines, limit)});
    }
    for (const auto& [path, lines] : unused)
        findings.push_back({path, lines, "is within the limit now: remove it from the ratchet"});
    return findings;
}

Findings function_lengths(const Files& files) {
    Findings findings;
    for (const SourceFile& file : files)
        if (is_cpp(file)) check_functions(file, findings);
    return findings;
}

Findings machine_paths(const Files& files) {
    Findings findings;
    for (const SourceFile& file : files)
        for (const std::string& folder : home_folders())
            if (const std::size_t at = file.text.find(folder); at != std::string::npos)
                findings.push_back(
                    {file.path, line_of(file.text, at), "names a machine's " + folder});
    return findings;
}

Findings dead_links(const Files& files, const fs::path& root) {
    Findings findings;
    for (const SourceFile& file : files)
        if (file.path.ends_with(".md")) check_links(file, root, findings);
    return findings;
}

}  // namespace conclave::guards
