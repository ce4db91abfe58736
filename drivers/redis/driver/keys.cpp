#include "keys.hpp"

#include <array>
#include <string_view>

#include "conclave/error.hpp"

namespace conclave::redis {

namespace {
constexpr std::string_view leader_prefix = "leader_of_";
// A lock of such a name would lie on a key of another kind.
constexpr std::array reserved_prefixes = {leader_prefix, std::string_view("group:"),
                                          std::string_view("beats:"), std::string_view("leader:"),
                                          std::string_view("join:")};

void append_escaped(std::string& out, unsigned char c, char quote) {
    constexpr std::string_view digits = "0123456789abcdef";
    if (c == '\t')
        out += "\\t";
    else if (c == '\n')
        out += "\\n";
    else if (c == '\r')
        out += "\\r";
    else if (c == '\\' || c == static_cast<unsigned char>(quote))
        (out += '\\') += static_cast<char>(c);
    else if (c >= 0x20 && c < 0x7f)
        out += static_cast<char>(c);
    else
        ((out += "\\x") += digits[c >> 4]) += digits[c & 15];
}
}  // namespace

std::string python_repr(const std::string& bytes) {
    const bool double_quotes =
        bytes.find('\'') != std::string::npos && bytes.find('"') == std::string::npos;
    const char quote = double_quotes ? '"' : '\'';
    std::string out = "b";
    out += quote;
    for (const char c : bytes) append_escaped(out, static_cast<unsigned char>(c), quote);
    return out += quote;
}

std::string Keys::lock(const std::string& name) const {
    if (name.empty()) throw Error("Locks must be provided a name");
    for (const std::string_view prefix : reserved_prefixes)
        if (name.starts_with(prefix))
            throw Error("lock name '" + name + "': names that begin with '" + std::string(prefix) +
                        "' are reserved");
    return spell(name);
}

std::string Keys::leader_lock(const std::string& group) const {
    const std::string name = std::string(leader_prefix) + group;
    // tooz names this lock by bytes, whatever the type of the application's names.
    if (form_ == LockKey::old_text) return Keys(name_space_, LockKey::old).spell(name);
    return spell(name);
}

std::string Keys::join_prefix(const std::string& group) const {
    return name_space_ + "_join:" + std::to_string(group.size()) + ":" + group + ":";
}

std::string Keys::spell(const std::string& name) const {
    switch (form_) {
        case LockKey::current: break;
        case LockKey::old: return python_repr(name_space_) + "_" + python_repr(name) + "_lock";
        case LockKey::old_text: return python_repr(name_space_) + "_" + name + "_lock";
    }
    return name_space_ + "_" + name + "_lock";
}

}  // namespace conclave::redis
