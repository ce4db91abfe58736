#pragma once

// Where the driver contract runs: one suite, and a kind of place for each world. A place owns the
// servers and one client process; a test body runs on a fiber of that process.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conclave/client.hpp"
#include "conclave/coordinator.hpp"
#include "conclave/driver.hpp"
#include "conclave/environment.hpp"
#include "conclave/registry.hpp"

namespace conclave::contract {

struct PlaceOptions {
    std::string password = {};  ///< what the server asks for; empty lets everybody in
};

/// What a test body works with. Its drivers, coordinators and clients are stopped when the body has
/// ended.
class Session {
public:
    Session(Runtime& runtime, std::string url)
        : runtime_(runtime), url_(std::move(url)), gate_(runtime) {}

    Runtime& runtime() noexcept { return runtime_; }
    const std::string& url() const noexcept { return url_; }
    /// A driver of its own connection, started.
    Driver& connect(const std::string& member_id, const Options& options = {});
    /// The same, not started: for tests of start() itself.
    Driver& make(const std::string& member_id, const Options& options = {});
    /// A coordinator of its own connection, started.
    Coordinator& member(const std::string& member_id, const Options& options = {});
    /// The same, not started; of the place itself unless `url` says otherwise.
    Coordinator& coordinator(const std::string& member_id, const Options& options = {},
                             const std::string& url = {});
    /// A client of its own connection, started.
    Client& client(const std::string& member_id, const Options& options = {},
                   ClientTimes times = {});
    Deadline soon() const { return runtime_.after(std::chrono::seconds(10)); }
    /// Parks between attempts until `condition` is true; false when it did not become so in time.
    bool eventually(const std::function<bool()>& condition,
                    Duration limit = std::chrono::seconds(30));
    void stop_all();

private:
    Runtime& runtime_;
    std::string url_;
    InlineGate gate_;
    std::vector<std::unique_ptr<Driver>> drivers_;
    std::vector<std::unique_ptr<Coordinator>> coordinators_;
    std::vector<std::unique_ptr<Client>> clients_;
};

class Place {
public:
    virtual ~Place() = default;
    /// The URL that a user would give; `user_info` ("user:password@" or empty) goes into it.
    virtual std::string url(const std::string& user_info = {}) const = 0;
    /// Runs `body` on a fiber, waits for its end and rethrows what it threw.
    virtual void run(const std::string& url, const std::function<void(Session&)>& body) = 0;
    /// Runs `body` in another process, as far as the library can tell, while `here` waits for its end;
    /// then as run(). Called from inside run().
    virtual void run_elsewhere(Session& here, const std::function<void(Session&)>& body) = 0;
    /// Ends the process that is the master now, without a farewell. Called from inside run().
    virtual void kill_master() {}
};

struct PlaceKind {
    enum class Backend : std::uint8_t {
        server,      ///< leases lapse, and locks can be broken
        replicated,  ///< likewise; fails over
        folder,      ///< no server; locks end with their process and no other way
    };
    std::string name;
    Backend backend = Backend::server;
    std::function<std::unique_ptr<Place>(const PlaceOptions&)> make;
};
inline void PrintTo(const PlaceKind& kind, std::ostream* out) { *out << kind.name; }

/// Runs `body` and stops the session's drivers whatever happened; for the implementations of run().
void run_session(Runtime& runtime, const std::string& url,
                 const std::function<void(Session&)>& body);

}  // namespace conclave::contract
