// What a file reaches through others: another backend by a relative path, Asio through any header.

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>

#include "rules.hpp"

namespace conclave::guards {
namespace {

constexpr std::size_t asio_units_max = 6;

struct Include {
    std::string name;
    int line;
};

std::vector<Include> includes_of(const SourceFile& file) {
    static const std::regex pattern(R"(#include\s*[<"]([^>"]+)[>"])");
    std::vector<Include> found;
    for (std::sregex_iterator it(file.code.begin(), file.code.end(), pattern), end; it != end; ++it)
        found.push_back({(*it)[1], line_of(file.code, static_cast<std::size_t>(it->position()))});
    return found;
}

/// Which file of the repository an include means.
class Tree {
public:
    explicit Tree(const Files& files) {
        for (const SourceFile& file : files)
            if (is_cpp(file)) by_path_.emplace(file.path, &file);
    }

    std::string beside(const SourceFile& from, const std::string& include) const {
        const auto folder = std::filesystem::path(from.path).parent_path();
        return (folder / include).lexically_normal().generic_string();
    }
    const SourceFile* resolve(const SourceFile& from, const std::string& include) const {
        if (const auto own = by_path_.find(beside(from, include)); own != by_path_.end())
            return own->second;
        for (const auto& [path, file] : by_path_)
            if (path.ends_with("/include/" + include)) return file;
        return nullptr;
    }

private:
    std::map<std::string, const SourceFile*> by_path_;
};

/// The folder below drivers/ that holds one backend's code; nothing for what backends share.
std::optional<std::string> backend_of(const std::string& path) {
    static const std::set<std::string> shared = {"common", "connect", "include", "msgpack",
                                                 "sha1",   "src"};
    const std::string prefix = "drivers/";
    if (!path.starts_with(prefix)) return std::nullopt;
    const std::size_t end = path.find('/', prefix.size());
    if (end == std::string::npos) return std::nullopt;
    const std::string folder = path.substr(prefix.size(), end - prefix.size());
    return shared.contains(folder) ? std::nullopt : std::optional(folder);
}

bool reaches_asio(const Tree& tree, const SourceFile& file, std::set<std::string>& seen) {
    if (!seen.insert(file.path).second) return false;
    const std::vector<Include> includes = includes_of(file);
    return std::any_of(includes.begin(), includes.end(), [&](const Include& include) {
        if (include.name.starts_with("boost/asio")) return true;
        const SourceFile* const next = tree.resolve(file, include.name);
        return next && reaches_asio(tree, *next, seen);
    });
}

}  // namespace

Findings backend_rules(const Files& files) {
    const Tree tree(files);
    Findings findings;
    for (const SourceFile& file : files) {
        const std::optional<std::string> own = is_cpp(file) ? backend_of(file.path) : std::nullopt;
        if (!own) continue;
        for (const Include& include : includes_of(file)) {
            const SourceFile* const meant = tree.resolve(file, include.name);
            const auto other = backend_of(meant ? meant->path : tree.beside(file, include.name));
            if (!other || other == own) continue;
            findings.push_back({file.path, include.line,
                                "drivers/" + *own + " must not know drivers/" + *other + ": " +
                                    include.name});
        }
    }
    return findings;
}

Findings asio_units(const Files& files) {
    constexpr std::array<const char*, 6> shipped = {"core/",       "drivers/",   "sim/",
                                                    "properties/", "scenarios/", "tools/"};
    const Tree tree(files);
    Findings findings;
    for (const SourceFile& file : files) {
        const bool counts = std::any_of(shipped.begin(), shipped.end(), [&](const char* prefix) {
            return file.path.starts_with(prefix);
        });
        std::set<std::string> seen;
        if (counts && file.path.ends_with(".cpp") && reaches_asio(tree, file, seen))
            findings.push_back({file.path, 1, "compiles Asio, which takes seconds each time"});
    }
    if (findings.size() <= asio_units_max) findings.clear();
    return findings;
}

}  // namespace conclave::guards
