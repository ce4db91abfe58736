// Where scenarios come from, and how they are named.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "conclave/scenarios/scenario.hpp"

namespace conclave::scenarios {

namespace {
std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) throw FileError(path.string() + ": cannot be read");
    return text.str();
}
}  // namespace

std::vector<std::pair<std::string, std::string>> scenarios_in(const std::string& folder) {
    namespace fs = std::filesystem;
    std::error_code error;
    if (!fs::is_directory(folder, error))
        throw FileError(folder + ": not a folder, expected one with scenario files");
    std::vector<std::pair<std::string, std::string>> found;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".toml") continue;
        const fs::path name = fs::relative(entry.path(), folder).replace_extension();
        found.emplace_back(name.generic_string(), read_file(entry.path()));
    }
    std::sort(found.begin(), found.end());
    return found;
}

bool matches(std::string_view glob, std::string_view name) {
    if (glob.empty()) return name.empty();
    const bool crosses = glob.starts_with("**");
    if (crosses || glob.front() == '*') {
        const std::string_view rest = glob.substr(crosses ? 2 : 1);
        for (std::size_t taken = 0;; ++taken) {
            if (matches(rest, name.substr(taken))) return true;
            if (taken == name.size() || (!crosses && name[taken] == '/')) return false;
        }
    }
    if (name.empty()) return false;
    const bool one = glob.front() == '?' ? name.front() != '/' : glob.front() == name.front();
    return one && matches(glob.substr(1), name.substr(1));
}

}  // namespace conclave::scenarios
