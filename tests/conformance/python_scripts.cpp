#include "python_scripts.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace conclave::conformance {

namespace {

std::string read_package_file(const std::string& path) {
    std::ifstream file("/usr/lib/python3/dist-packages/" + path);
    if (!file) throw std::runtime_error(path + " of its Debian package is not installed");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The triple-quoted text after `name`.
std::string quoted_after(const std::string& source, const std::string& name) {
    constexpr std::string_view quotes = "\"\"\"";
    const std::size_t at = source.find(name);
    if (at == std::string::npos) throw std::runtime_error("no " + name + " in the package");
    const std::size_t start = source.find(quotes, at) + quotes.size();
    return source.substr(start, source.find(quotes, start) - start);
}

void replace(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at))
        text.replace(at, from.size(), to);
}

}  // namespace

std::vector<PythonScript> redis_py_scripts() {
    const std::string source = read_package_file("redis/lock.py");
    std::vector<PythonScript> scripts;
    for (const char* name : {"LUA_RELEASE_SCRIPT", "LUA_EXTEND_SCRIPT", "LUA_REACQUIRE_SCRIPT"})
        scripts.push_back({name, quoted_after(source, std::string(name) + " = ")});
    return scripts;
}

std::vector<PythonScript> tooz_scripts() {
    const std::string source = read_package_file("tooz/drivers/redis.py");
    std::vector<PythonScript> scripts;
    for (const char* name : {"create_group", "delete_group", "update_capabilities"}) {
        std::string body = quoted_after(source, "'" + std::string(name) + "': ");
        replace(body, "${group_existence_key}", "__created__");
        replace(body, "${group_existence_value}", "1");
        scripts.push_back({name, std::move(body)});
    }
    return scripts;
}

}  // namespace conclave::conformance
