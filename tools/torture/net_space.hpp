#pragma once

// A network namespace for each client, joined to ours by a pair of virtual links whose outer end can be
// taken down. Needs root and the ip command; the server must listen on an address of this machine that
// is not in 127.0.0.0/8, since that is every namespace's own.

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace conclave::torture {

/// Why clients cannot be given namespaces of their own.
struct NetTrouble {
    std::string text;
};

class NetSpaces {
public:
    /// Errors: NetTrouble when this machine or `url` does not allow it.
    NetSpaces(const std::string& url, std::uint32_t clients);
    ~NetSpaces();
    NetSpaces(const NetSpaces&) = delete;
    NetSpaces& operator=(const NetSpaces&) = delete;

    /// What a client's process does first, in itself: leaves our namespace, and waits for its link.
    std::function<void()> prepare(std::uint32_t client);
    /// What we do next: links it. Blocks: at most some seconds. Errors: NetTrouble.
    void link(std::uint32_t client, pid_t process);
    /// Takes the link of a client that has ended away.
    void unlink(std::uint32_t client);
    void cut(std::uint32_t client) const;
    void heal(std::uint32_t client) const;

private:
    struct Space {
        std::string link;      ///< the name of our end; empty while there is none
        int told[2] = {-1, -1};    ///< the client says that it has left
        int linked[2] = {-1, -1};  ///< we say that its link is there
    };
    static void close_pipes(Space& space);
    std::vector<Space> spaces_;
};

}  // namespace conclave::torture
