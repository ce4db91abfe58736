#pragma once

// A store that lets nobody in with an older token than it has seen, and the client that asks it: what
// a lock is worth is decided here. Both run in the simulator and, over AsioRuntime, on real ports.
// The wire is RESP: READ|WRITE object holder token -> +OK, or -STALE and the newest token.
// Single-threaded per Runtime.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "conclave/environment.hpp"

namespace conclave::servers {

/// One request and what became of it, as the store decided it.
struct FencedAccess {
    std::string object;
    std::string holder;       ///< who asks, for people and checkers; decides nothing
    std::uint64_t token = 0;
    bool write = false;
    bool accepted = false;
};

/// What the store remembers: the newest token of every object. Owned by its host, so that it outlives
/// the process, as the disk of a real store does.
using FencedTokens = std::map<std::string, std::uint64_t>;

class FencedResource {
public:
    /// `observe` is called at the moment of each decision. `tokens` outlives the resource.
    FencedResource(Runtime& runtime, Endpoint endpoint, FencedTokens& tokens,
                   std::function<void(const FencedAccess&)> observe = {});

    /// Serves until the calling fiber's group is cancelled. A read counts like a write: it seals the
    /// token that it brings. A malformed request is answered by an error and the connection closed.
    ///
    /// Blocks:  until cancelled.
    /// Errors:  no effect - ConnectionError when it cannot listen
    void run();

private:
    void serve(Connection& connection);
    std::string answer(const std::string& request_word, const std::string& object,
                       const std::string& holder, const std::string& token_text);

    Runtime& runtime_;
    Endpoint endpoint_;
    FencedTokens& tokens_;
    std::function<void(const FencedAccess&)> observe_;
};

/// What a client learns of one request.
enum class FencedAnswer : std::uint8_t {
    accepted,
    refused,  ///< the store has seen a newer token: whoever asks holds the lock no longer
    unknown,  ///< no answer came: it may have happened, or happen later
};

/// One connection, made again when it broke. One request at a time.
class FencedResourceClient {
public:
    FencedResourceClient(Runtime& runtime, Endpoint endpoint);
    ~FencedResourceClient();

    /// Each waits for the answer, at most until `deadline`; never throws.
    FencedAnswer read(const std::string& object, const std::string& holder, std::uint64_t token,
                      Deadline deadline);
    FencedAnswer write(const std::string& object, const std::string& holder, std::uint64_t token,
                       Deadline deadline);

private:
    struct Wire;
    FencedAnswer ask(std::string_view word, const std::string& object, const std::string& holder,
                     std::uint64_t token, Deadline deadline);
    bool connect(Deadline deadline);

    Runtime& runtime_;
    Endpoint endpoint_;
    std::unique_ptr<Wire> wire_;
};

}  // namespace conclave::servers
