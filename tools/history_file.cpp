#include "history_file.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "conclave/scenarios/scenario.hpp"
#include "history_events.hpp"

namespace conclave::tool {

using namespace properties;
using nlohmann::json;

namespace {

const std::map<std::string, Action>& actions() {
    static const std::map<std::string, Action> names = {
        {"read", Action::read},       {"write", Action::write},     {"cas", Action::cas},
        {"acquire", Action::acquire}, {"release", Action::release}, {"renew", Action::renew},
        {"expire", Action::expire},   {"join", Action::join},       {"leave", Action::leave},
        {"update", Action::update},   {"members", Action::members}, {"elect", Action::acquire},
        {"resign", Action::release},  {"leader", Action::read},     {"capabilities", Action::read}};
    return names;
}

const std::set<std::string>& keys() {
    static const std::set<std::string> names = {
        "process", "op",     "object", "arg",    "ret",   "call_ns",  "return_ns", "status",
        "client",  "thread", "host",   "server", "token", "revision", "ttl_ns"};
    return names;
}

class LineReader {
public:
    LineReader(Calls& history, Model model) : history_(history), model_(model) {}

    /// Of the call that was read last: its thread of control and where that runs.
    struct Place {
        TextId process = 0, host = 0;
        bool thread = false;
    };
    const Place& place() const noexcept { return place_; }

    Call read(const json& line) {
        require_keys(line, keys());
        Call call;
        call.action = action(word(line, "op"));
        read_place(line, call);
        read_times(line, call);
        const json& arg = line.contains("arg") ? line["arg"] : none_;
        const json& ret = line.contains("ret") ? line["ret"] : none_;
        read_argument(arg, call);
        if (call.status == Status::ok) read_answer(ret, call);
        if (line.contains("token") && !line["token"].is_null()) call.token = whole(line, "token");
        const bool must_tell = model_ == Model::tokens && call.status == Status::ok &&
                               call.agreed && call.token == absent_number;
        if (must_tell) throw Malformed{"model tokens needs a token: 'ret' or 'token'"};
        return call;
    }

private:
    Action action(const std::string& op) const {
        const auto found = actions().find(op);
        if (found == actions().end()) throw Malformed{"unknown op '" + op + "'"};
        if (!understands(model_, found->second))
            throw Malformed{"model " + std::string(to_string(model_)) + " has no op '" + op + "'"};
        return found->second;
    }

    void read_place(const json& line, Call& call) {
        std::string session = std::to_string(whole(line, "process"));
        process_ = session;
        place_ = {history_.text(session), 0, line.contains("thread")};
        if (line.contains("host")) place_.host = history_.text(word(line, "host"));
        if (line.contains("thread")) session += "/" + line["thread"].dump();
        call.session = call.action == Action::expire ? 0 : history_.text(session);
        if (line.contains("thread")) process_ = session;  // threads are different owners
        if (line.contains("object")) call.object = history_.text(word(line, "object"));
        if (line.contains("server")) call.server = history_.text(word(line, "server"));
        if (line.contains("revision")) call.revision = whole(line, "revision");
        if (line.contains("ttl_ns")) call.ttl_ns = whole(line, "ttl_ns");
        if (call.ttl_ns < 0) throw Malformed{"'ttl_ns' must not be negative"};
    }

    static void read_times(const json& line, Call& call) {
        const std::string status = word(line, "status");
        call.call_ns = whole(line, "call_ns");
        if (status == "ok")
            call.status = Status::ok;
        else if (status == "fail")
            call.status = Status::failed;
        else if (status == "unknown")
            call.status = Status::unknown;
        else
            throw Malformed{"'status' must be ok, fail or unknown, not '" + status + "'"};
        if (call.status != Status::ok) return;
        call.return_ns = whole(line, "return_ns");
        if (call.return_ns < call.call_ns) throw Malformed{"it returned before it was called"};
    }

    TextId value(const json& any) { return any.is_null() ? 0 : history_.text(any.dump()); }

    void read_argument(const json& arg, Call& call) {
        switch (call.action) {
            case Action::members: return;
            case Action::read:
                if (model_ != Model::capabilities) return;
                if (arg.is_null()) throw Malformed{"'arg' must name the member"};
                call.argument = value(arg);
                return;
            case Action::write: call.argument = value(arg); return;
            case Action::cas:
                if (!arg.is_array() || arg.size() != 2)
                    throw Malformed{"'arg' of cas must be [old, new], not " + arg.dump()};
                call.argument = value(arg[0]);
                call.second = value(arg[1]);
                return;
            default: break;
        }
        if (model_ == Model::leader) require_leader(arg, call.action);
        const bool carries = model_ == Model::capabilities || model_ == Model::leader;
        const bool pair = carries && arg.is_array() && arg.size() == 2;
        const json& who = pair ? arg[0] : arg;
        call.argument = who.is_null() ? history_.text(process_) : value(who);
        if (pair) call.second = value(arg[1]);
        if (model_ == Model::leader && call.action == Action::acquire) note_leader(call);
    }

    static void require_leader(const json& arg, Action action) {
        if (!arg.is_array()) return;
        if (action != Action::acquire)
            throw Malformed{"'arg' must be the owner alone, not " + arg.dump()};
        if (arg.size() != 2 || arg[1].is_null())
            throw Malformed{"'arg' of elect must be an owner or [owner, member], not " + arg.dump()};
    }

    void note_leader(const Call& call) {
        const TextId name = leader_named_by(call);
        const auto known = leaders_.emplace(std::pair(call.object, call.argument), name).first;
        if (known->second != name)
            throw Malformed{"owner " + history_.text(call.argument) + " acts for " +
                            history_.text(name) + " here and for " +
                            history_.text(known->second) + " before; one member expected"};
    }

    void read_answer(const json& ret, Call& call) {
        if (call.action == Action::read) {
            call.result = value(ret);
        } else if (call.action == Action::members) {
            if (!ret.is_array()) throw Malformed{"'ret' of members must be an array"};
            std::vector<TextId> members;
            for (const json& member : ret) members.push_back(value(member));
            call.result = history_.list(std::move(members));
        } else if (call.action == Action::acquire) {
            call.agreed = !ret.is_null() && ret != json(false);
            if (ret.is_number_integer()) call.token = ret.get<std::int64_t>();
        } else if (call.action == Action::cas) {
            if (!ret.is_boolean()) throw Malformed{"'ret' of cas must be true or false"};
            call.agreed = ret.get<bool>();
        } else {
            call.agreed = ret.is_null() || ret != json(false);
        }
    }

    Calls& history_;
    Model model_;
    std::string process_;
    Place place_;
    std::map<std::pair<TextId, TextId>, TextId> leaders_;  ///< for whom owners of objects act
    const json none_ = nullptr;
};

/// Reads one file, line by line.
class FileReader {
public:
    explicit FileReader(Model model) : reader_(file_.history, model) {}

    void read(const json& line, std::uint32_t number) {
        if (!line.is_object()) throw Malformed{"a line must be an object"};
        if (line.contains("partition"))
            return file_.history.partitions.push_back(read_partition(line, file_.history));
        if (line.contains("message")) return read_message(line, file_.history);
        if (line.contains("pause")) return pauses_.push_back(read_pause(line, file_.history));
        file_.history.calls.push_back(reader_.read(line));
        file_.lines.push_back(number);
        note_place(file_.history.calls.back());
    }

    HistoryFile finish() {
        for (const Pause& pause : pauses_) {
            file_.timeout_max_ns = std::max(file_.timeout_max_ns, pause.timeout_ns);
            for (const auto& [session, process] : file_.processes)
                if (process == pause.process)
                    file_.pauses.push_back({session, pause.begin_ns, pause.end_ns});
        }
        return std::move(file_);
    }

private:
    void note_place(const Call& call) {
        if (call.action == Action::expire) return;
        const LineReader::Place& place = reader_.place();
        file_.every_server &= call.server != 0;
        file_.every_thread &= place.thread;
        file_.every_host &= place.host != 0;
        file_.processes[call.session] = place.process;
        file_.hosts[call.session] = place.host;
    }

    HistoryFile file_;
    LineReader reader_;
    std::vector<Pause> pauses_;
};

}  // namespace

HistoryFile read_history(std::istream& in, const std::string& name, Model model) {
    FileReader reader(model);
    std::string text;
    for (std::uint32_t number = 1; std::getline(in, text); ++number) {
        if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
        try {
            reader.read(json::parse(text), number);
        } catch (const Malformed& malformed) {
            throw scenarios::FileError(name + ":" + std::to_string(number) + ": " + malformed.what);
        } catch (const json::exception& error) {
            throw scenarios::FileError(name + ":" + std::to_string(number) +
                                       ": not JSON: " + error.what());
        }
    }
    return reader.finish();
}

}  // namespace conclave::tool
