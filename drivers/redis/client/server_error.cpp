#include "server_error.hpp"

#include <array>

namespace conclave::redis {

namespace {

struct Meaning {
    std::string_view code;  ///< the first word of the error
    Trouble trouble;
    std::string_view text;
};

// The server refuses all of these before it writes anything, inside a script too.
constexpr std::array meanings = {
    Meaning{"LOADING", Trouble::later, "the server is still loading its data"},
    Meaning{"BUSY", Trouble::later, "the server is busy with a long script"},
    Meaning{"TRYAGAIN", Trouble::later, "the server asks to try again"},
    Meaning{"READONLY", Trouble::elsewhere, "the server is a replica and refuses writes"},
    Meaning{"MASTERDOWN", Trouble::elsewhere, "the server is a replica cut off from its master"},
    Meaning{"NOREPLICAS", Trouble::refused,
            "too few replicas are in touch (min-replicas-to-write)"},
    Meaning{"MOVED", Trouble::refused,
            "the server belongs to a Redis Cluster; expected one server or Sentinel"},
    Meaning{"ASK", Trouble::refused,
            "the server belongs to a Redis Cluster; expected one server or Sentinel"},
    Meaning{"CROSSSLOT", Trouble::refused,
            "the server belongs to a Redis Cluster; expected one server or Sentinel"},
    Meaning{"CLUSTERDOWN", Trouble::refused,
            "the server belongs to a Redis Cluster; expected one server or Sentinel"},
    Meaning{"NOAUTH", Trouble::denied, "the server asks for a password and the URL has none"},
    Meaning{"WRONGPASS", Trouble::denied, "the server does not accept this user and password"},
    Meaning{"NOPERM", Trouble::denied, "the user's access list does not allow this command"},
    Meaning{"OOM", Trouble::refused, "the server has used up its maxmemory"},
    Meaning{"MISCONF", Trouble::refused, "the server stopped writes: it cannot save to its disk"},
    Meaning{"NOSCRIPT", Trouble::refused, "the server does not know this script"},
};

// Told to a connection before it has asked for anything, and then the server closes it.
constexpr std::string_view too_many_clients = "ERR max number of clients reached";

}  // namespace

Failure failure_of(std::string_view error, Asked asked) {
    const std::string_view code = error.substr(0, error.find(' '));
    const std::string quoted = " (-" + std::string(error) + ")";
    for (const Meaning& meaning : meanings)
        if (meaning.code == code)
            return {meaning.trouble, Effect::none, std::string(meaning.text) + quoted};
    if (error == too_many_clients)
        return {Trouble::broken, Effect::none,
                "the server takes no more connections (maxclients)" + quoted};
    const Effect effect = asked == Asked::script ? Effect::unknown : Effect::none;
    return {Trouble::refused, effect, "the server answered with an error" + quoted};
}

bool is_unknown_script(std::string_view error) noexcept { return error.starts_with("NOSCRIPT"); }

}  // namespace conclave::redis
