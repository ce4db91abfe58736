#include "history_events.hpp"

namespace conclave::tool {

using namespace properties;

std::int64_t whole(const json& line, const char* key) {
    if (!line.contains(key)) throw Malformed{std::string("'") + key + "' is missing"};
    const json& value = line[key];
    if (!value.is_number_integer())
        throw Malformed{std::string("'") + key + "' must be a whole number, not " + value.dump()};
    return value.get<std::int64_t>();
}

std::string word(const json& line, const char* key) {
    if (!line.contains(key)) throw Malformed{std::string("'") + key + "' is missing"};
    if (!line[key].is_string())
        throw Malformed{std::string("'") + key + "' must be a string, not " + line[key].dump()};
    return line[key].get<std::string>();
}

void require_keys(const json& line, const std::set<std::string>& known) {
    for (const auto& [key, value] : line.items())
        if (!known.contains(key)) throw Malformed{"unknown key '" + key + "'"};
}

Pause read_pause(const json& line, Calls& history) {
    require_keys(line, {"pause", "from_ns", "until_ns", "timeout_ns"});
    Pause pause{history.text(std::to_string(whole(line, "pause"))), whole(line, "from_ns"),
                whole(line, "until_ns"), whole(line, "timeout_ns")};
    if (pause.end_ns < pause.begin_ns) throw Malformed{"'until_ns' is before 'from_ns'"};
    if (pause.timeout_ns <= 0) throw Malformed{"'timeout_ns' must be positive"};
    return pause;
}

namespace {

/// A process, or [process, thread]; sessions are named as LineReader does.
TextId read_end_of_message(const json& who, Calls& history) {
    if (who.is_number_integer()) return history.text(who.dump());
    if (!who.is_array() || who.size() != 2 || !who[0].is_number_integer())
        throw Malformed{"who sends or receives a message must be a process, or [process, thread], not " +
                        who.dump()};
    return history.text(who[0].dump() + "/" + who[1].dump());
}

}  // namespace

void read_message(const json& line, Calls& history) {
    require_keys(line, {"message", "sent_ns", "received_ns"});
    const json& ends = line["message"];
    if (!ends.is_array() || ends.size() != 2)
        throw Malformed{"'message' must be [from, to], not " + ends.dump()};
    const TextId from = read_end_of_message(ends[0], history);
    const TextId to = read_end_of_message(ends[1], history);
    const std::int64_t sent_ns = whole(line, "sent_ns"), received_ns = whole(line, "received_ns");
    if (received_ns < sent_ns) throw Malformed{"'received_ns' is before 'sent_ns'"};
    history.tell(from, to, sent_ns, received_ns);
}

PartitionWindow read_partition(const json& line, Calls& history) {
    require_keys(line, {"partition", "from_ns", "until_ns"});
    PartitionWindow window;
    if (!line["partition"].is_array()) throw Malformed{"'partition' must be a list of sides"};
    window.begin_ns = whole(line, "from_ns");
    if (line.contains("until_ns") && !line["until_ns"].is_null())
        window.end_ns = whole(line, "until_ns");
    for (const json& side : line["partition"]) {
        window.sides.emplace_back();
        if (!side.is_array()) throw Malformed{"a side of 'partition' must be a list of servers"};
        for (const json& server : side) {
            if (!server.is_string()) throw Malformed{"a server must be a string"};
            window.sides.back().push_back(history.text(server.get<std::string>()));
        }
    }
    return window;
}

}  // namespace conclave::tool
