#include "symbols.hpp"

#include <array>
#include <cstdio>
#include <memory>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace conclave::guards {
namespace {

struct Ban {
    std::string_view category;
    std::string_view symbol;  ///< demangled; a trailing '*' matches any continuation
};

// Functions that are in every program because of exceptions or streams into strings are not here.
constexpr std::array bans = {
    Ban{"clock", "clock_gettime"},
    Ban{"clock", "gettimeofday"},
    Ban{"clock", "time"},
    Ban{"clock", "localtime*"},
    Ban{"clock", "gmtime*"},
    Ban{"clock", "nanosleep"},
    Ban{"clock", "clock_nanosleep"},
    Ban{"clock", "usleep"},
    Ban{"clock", "sleep"},
    Ban{"clock", "std::chrono::_V2::*"},
    Ban{"random", "rand"},
    Ban{"random", "srand"},
    Ban{"random", "random"},
    Ban{"random", "rand_r"},
    Ban{"random", "drand48"},
    Ban{"random", "getrandom"},
    Ban{"random", "getentropy"},
    Ban{"random", "std::random_device::*"},
    Ban{"random", "RAND_bytes"},
    Ban{"network", "socket"},
    Ban{"network", "connect"},
    Ban{"network", "bind"},
    Ban{"network", "listen"},
    Ban{"network", "accept*"},
    Ban{"network", "send"},
    Ban{"network", "sendto"},
    Ban{"network", "sendmsg"},
    Ban{"network", "recv"},
    Ban{"network", "recvfrom"},
    Ban{"network", "recvmsg"},
    Ban{"network", "poll"},
    Ban{"network", "ppoll"},
    Ban{"network", "select"},
    Ban{"network", "epoll_*"},
    Ban{"network", "getaddrinfo"},
    Ban{"network", "gethostbyname*"},
    Ban{"network", "setsockopt"},
    Ban{"network", "redisConnect*"},
    Ban{"thread", "pthread_create"},
    Ban{"thread", "pthread_mutex_*"},
    Ban{"thread", "pthread_cond_*"},
    Ban{"thread", "std::thread::*"},
    Ban{"thread", "std::condition_variable::*"},
    Ban{"thread", "sched_yield"},
    Ban{"thread", "sem_*"},
    Ban{"thread", "__tls_get_addr"},
    Ban{"process", "fork"},
    Ban{"process", "vfork"},
    Ban{"process", "exec*"},
    Ban{"process", "posix_spawn*"},
    Ban{"process", "system"},
    Ban{"process", "popen"},
    Ban{"process", "kill"},
    Ban{"process", "raise"},
    Ban{"process", "getpid"},
    Ban{"process", "getenv"},
    Ban{"process", "secure_getenv"},
    Ban{"process", "setenv"},
    Ban{"process", "signal"},
    Ban{"process", "sigaction"},
    Ban{"process", "exit"},
    Ban{"process", "getuid"},
    Ban{"process", "gethostname"},
    Ban{"files", "open"},
    Ban{"files", "open64"},
    Ban{"files", "openat*"},
    Ban{"files", "read"},
    Ban{"files", "write"},
    Ban{"files", "fopen*"},
    Ban{"files", "stat*"},
    Ban{"files", "unlink*"},
    Ban{"files", "rename"},
    Ban{"files", "mkdir"},
    Ban{"files", "opendir"},
    Ban{"files", "std::filesystem::*"},
    Ban{"files", "std::basic_ifstream*"},
    Ban{"files", "std::basic_ofstream*"},
    Ban{"files", "std::basic_fstream*"},
    Ban{"files", "std::basic_filebuf*"},
    Ban{"hash", "std::_Hash_bytes*"},
    Ban{"hash", "std::_Fnv_hash_bytes*"},
    Ban{"hash", "std::__detail::_Prime_rehash_policy*"},
    Ban{"output", "printf"},
    Ban{"output", "fprintf"},
    Ban{"output", "puts"},
    Ban{"output", "putchar"},
    Ban{"output", "fputs"},
    Ban{"output", "fwrite"},
    Ban{"output", "stdout"},
    Ban{"output", "stderr"},
    Ban{"output", "std::cout"},
    Ban{"output", "std::cerr"},
    Ban{"output", "std::clog"},
};

bool matches(std::string_view symbol, std::string_view pattern) {
    if (pattern.ends_with('*')) return symbol.starts_with(pattern.substr(0, pattern.size() - 1));
    return symbol == pattern;
}

bool is_mutable_section(std::string_view section) {
    // Constants that hold addresses. gcc 12 keeps constexpr arrays of string_view in
    // .data.rel.local, so a mutable pointer that begins with an address goes unseen.
    if (section.starts_with(".data.rel")) return false;
    return section == "*COM*" || section.starts_with(".data") || section.starts_with(".bss") ||
           section.starts_with(".tdata") || section.starts_with(".tbss");
}

/// A symbol table line: address, seven flag characters, section, tab, size, name.
struct Line {
    std::string_view flags;
    std::string_view section;
    std::string_view name;
};

bool parse(std::string_view text, Line& line) {
    const std::size_t tab = text.find('\t');
    const std::size_t address_end = text.find(' ');
    if (tab == std::string_view::npos || address_end != 16 || tab < 25) return false;
    line.flags = text.substr(17, 7);
    line.section = text.substr(25, tab - 25);
    const std::size_t name = text.find(' ', tab);
    if (name == std::string_view::npos) return false;
    line.name = text.substr(name + 1);
    for (std::string_view visibility : {".hidden ", ".protected ", ".internal "})
        if (line.name.starts_with(visibility)) line.name.remove_prefix(visibility.size());
    return true;
}

void judge(const std::string& object, const Line& line, std::vector<SymbolFinding>& findings) {
    // DW.ref.* are the exception tables' references, constant after start-up.
    const bool object_data =
        line.flags.find('O') != std::string_view::npos && !line.name.starts_with("DW.ref.");
    if (object_data && is_mutable_section(line.section))
        findings.push_back({object, "state", std::string(line.name)});
    if (line.section != "*UND*") return;
    for (const Ban& ban : bans)
        if (matches(line.name, ban.symbol))
            findings.push_back({object, std::string(ban.category), std::string(line.name)});
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const SymbolFinding& finding) {
    return out << finding.object << ": " << finding.category << ": " << finding.symbol;
}

std::vector<SymbolFinding> judge_symbols(const std::string& objdump_output) {
    std::vector<SymbolFinding> findings;
    std::istringstream lines(objdump_output);
    std::string object;
    for (std::string text; std::getline(lines, text);) {
        const std::size_t header = text.find(":     file format");
        Line line;
        if (header != std::string::npos)
            object = text.substr(0, header);
        else if (parse(text, line))
            judge(object, line, findings);
    }
    return findings;
}

std::string dump_symbols(const std::string& path) {
    const std::string command = std::string(CONCLAVE_OBJDUMP) + " -tC '" + path + "'";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    if (!pipe) throw std::runtime_error("cannot run " + command);
    std::string output;
    std::array<char, 65536> buffer;
    while (const std::size_t bytes = fread(buffer.data(), 1, buffer.size(), pipe.get()))
        output.append(buffer.data(), bytes);
    if (output.find("SYMBOL TABLE") == std::string::npos)
        throw std::runtime_error("no symbol table: " + command);
    return output;
}

}  // namespace conclave::guards
