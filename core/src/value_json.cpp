// Values from JSON and to JSON. The grammar, escapes and UTF-8 are nlohmann's; what is bounded,
// what is exact and what an error says are ours.

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "conclave/error.hpp"
#include "conclave/value.hpp"

namespace conclave {

namespace {

using Json = nlohmann::json;

/// Bytes of a text, counted as they are read.
class Reading {
public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    Reading(const char* at, std::size_t& count) : at_(at), count_(&count) {}
    reference operator*() const { return *at_; }
    Reading& operator++() {
        ++at_;
        ++*count_;
        return *this;
    }
    friend bool operator==(const Reading& one, const Reading& other) {
        return one.at_ == other.at_;
    }
    friend bool operator!=(const Reading& one, const Reading& other) { return !(one == other); }

private:
    const char* at_;
    std::size_t* count_;
};

[[noreturn]] void fail(std::size_t offset, const std::string& problem) {
    throw SerializationError("JSON at byte " + std::to_string(offset) + ": " + problem);
}

/// Of nlohmann's words what comes after its own name for the error and its own place.
std::string problem_of(std::string_view words) {
    constexpr std::size_t length_max = 200;
    for (const std::string_view mark : {"] ", "column "})
        if (const auto at = words.find(mark); at != words.npos)
            words.remove_prefix(at + mark.size());
    const std::size_t place = words.find_first_not_of("0123456789");
    if (place > 0 && words.substr(place).starts_with(": ")) words.remove_prefix(place + 2);
    return std::string(words.substr(0, length_max));
}

/// Builds one Value; called by nlohmann's parser, which does not recurse.
class Builder {
public:
    explicit Builder(const std::size_t& count) : count_(count) {}

    bool null() { return add({}); }
    bool boolean(bool value) { return add(value); }
    bool number_integer(std::int64_t value) { return add(value); }
    bool number_unsigned(std::uint64_t value) {
        const bool small = value <= static_cast<std::uint64_t>(INT64_MAX);
        return small ? add(static_cast<std::int64_t>(value)) : add(value);
    }
    bool number_float(double value, const std::string& written) {
        // An integer that fits none of the types arrives here, rounded.
        if (written.find_first_of(".eE") == std::string::npos)
            stop("the integer " + written + ", expected one of -2^63..2^64-1");
        return add(value);
    }
    bool string(std::string& text) { return add(std::move(text)); }
    bool binary(Json::binary_t&) { return false; }  // JSON has none
    bool start_array(std::size_t) { return open(Array{}); }
    bool start_object(std::size_t) { return open(Map{}); }
    bool end_array() { return close(); }
    bool end_object() { return close(); }
    bool key(std::string& text) {
        Container& container = containers_.back();
        const auto same = [&](const auto& entry) { return entry.first == Value(text); };
        if (std::ranges::any_of(container.entries, same))
            stop("the key \"" + text + "\" again, expected every key once");
        container.key = std::move(text);
        return true;
    }
    template <class Problem>
    bool parse_error(std::size_t position, const std::string&, const Problem& problem) {
        fail(position > 0 ? position - 1 : 0, problem_of(problem.what()));
    }

    Value take() { return std::move(root_); }

private:
    /// An array or a map that is not closed yet.
    struct Container {
        bool is_map;
        Array items;
        Map entries;
        std::string key;
    };

    bool open(Value kind) {
        if (containers_.size() > Value::depth_max)
            stop("nested deeper than " + std::to_string(Value::depth_max));
        containers_.push_back({kind.get_if<Map>() != nullptr, {}, {}, {}});
        return true;
    }
    bool close() {
        Container closed = std::move(containers_.back());
        containers_.pop_back();
        return closed.is_map ? add(std::move(closed.entries)) : add(std::move(closed.items));
    }
    bool add(Value value) {
        if (containers_.empty())
            root_ = std::move(value);
        else if (Container& inner = containers_.back(); inner.is_map)
            inner.entries.emplace_back(std::move(inner.key), std::move(value));
        else
            inner.items.push_back(std::move(value));
        return true;
    }
    [[noreturn]] void stop(const std::string& problem) const {
        fail(count_ > 0 ? count_ - 1 : 0, problem);
    }

    const std::size_t& count_;
    std::vector<Container> containers_;
    Value root_;
};

std::string quoted(const std::string& text) {
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string text_of_key(const Value& key) {
    if (const auto* const text = key.get_if<std::string>()) return *text;
    if (const auto* const blob = key.get_if<Blob>()) return blob->bytes;
    std::ostringstream out;
    out << key;
    return out.str();
}

/// Appends one value to a text.
struct Writer {
    std::string& out;
    std::size_t depth = 0;

    void operator()(std::monostate) const { out += "null"; }
    void operator()(const std::string& text) const { out += quoted(text); }
    void operator()(const Blob& blob) const { out += quoted(blob.bytes); }
    void operator()(const Array& items) const {
        const Writer inner = enter('[');
        for (const Value& item : items) {
            if (&item != &items.front()) out += ',';
            std::visit(inner, item.storage());
        }
        out += ']';
    }
    void operator()(const Map& entries) const {
        const Writer inner = enter('{');
        for (const auto& entry : entries) {
            if (&entry != &entries.front()) out += ',';
            out += quoted(text_of_key(entry.first)) + ':';
            std::visit(inner, entry.second.storage());
        }
        out += '}';
    }
    template <class Plain>
    void operator()(const Plain& plain) const {
        out += Json(plain).dump();
    }

private:
    Writer enter(char opening) const {
        if (depth > Value::depth_max)
            throw SerializationError("JSON: nested deeper than " +
                                     std::to_string(Value::depth_max));
        out += opening;
        return {out, depth + 1};
    }
};

}  // namespace

Value Value::json(std::string_view text) {
    std::size_t count = 0;
    Builder builder(count);
    Json::sax_parse(Reading(text.data(), count), Reading(text.data() + text.size(), count),
                    &builder);
    return builder.take();
}

std::string Value::to_json() const {
    std::string out;
    std::visit(Writer{out}, storage_);
    return out;
}

}  // namespace conclave
