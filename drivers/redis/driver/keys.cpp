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

// Without a colon, and different for different namespaces.
std::string without_colons(const std::string& name_space) {
    std::string out;
    for (const char c : name_space)
        if (c == ':')
            out += "%3a";
        else if (c == '%')
            out += "%25";
        else
            out += c;
    return out;
}
}  // namespace

Keys::Keys(std::string name_space, LockKey form, Layout layout)
    : name_space_(std::move(name_space)),
      form_(form),
      layout_(layout),
      start_(layout == Layout::tooz ? name_space_ + "_" : without_colons(name_space_) + ":") {}

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
    // What ends the key is not the end of a counter, so that no lock lies on another one's.
    if (layout_ == Layout::conclave) return prefix("lock") + name + ":owner";
    for (const std::string_view prefix : reserved_prefixes)
        if (name.starts_with(prefix))
            throw Error("lock name '" + name + "': names that begin with '" + std::string(prefix) +
                        "' are reserved in layout=tooz");
    return spell(name);
}

std::string Keys::leader_lock(const std::string& group) const {
    if (layout_ == Layout::conclave) return prefix("leader_lock") + group + ":owner";
    const std::string name = std::string(leader_prefix) + group;
    // tooz names this lock by bytes, whatever the type of the application's names.
    if (form_ == LockKey::old_text) return Keys(name_space_, LockKey::old).spell(name);
    return spell(name);
}

std::string Keys::join_prefix(const std::string& group) const {
    return prefix("join") + std::to_string(group.size()) + ":" + group + ":";
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
