#pragma once

// How an application begins: a URL becomes a client, or the seed's coordinator, in the production
// world, over a runtime of its own. Safe from any thread but that runtime's.

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conclave/client.hpp"
#include "conclave/coordinator.hpp"
#include "conclave/result.hpp"
#include "conclave/url.hpp"

namespace conclave {

struct ConnectOptions {
    MemberId member_id = {};           ///< empty: 32 random hex digits
    /// Of leases and memberships, in whole milliseconds, 1 or more, rounded down; the URL's or the
    /// driver's default otherwise. Wins over `timeout`, `lock_timeout` and `membership_timeout` of the
    /// URL; an entry of `driver` for one of these wins over it.
    std::optional<Duration> ttl = {};
    std::vector<Requirement> require = {};  ///< the driver must claim every one of them
    Options driver = {};                    ///< win over the URL's query
    ClientTimes times = {};
};

/// A started client of the backend that `url` names, with one thread of its own. The client and its
/// handles keep that thread; whoever drops the last of them stops it within the operation timeout.
///
/// Blocks:  as Client::start()
/// Errors:  as Client::start(); none - BadOption for a malformed URL, an unknown scheme (the known are
///          listed) or a bad option; DriverChosenPoorly naming what is missing, requested and
///          available; std::system_error when the machine has no room for a thread
Client connect(const std::string& url, const ConnectOptions& options = {});
/// The same, with the Error that it throws as a Failure. Errors: std::system_error, as there.
Result<Client> try_connect(const std::string& url, const ConnectOptions& options = {});

struct GetCoordinatorOptions {
    Options driver = {};                            ///< win over the URL's query
    std::set<Characteristic> characteristics = {};  ///< the driver must claim every one of them
    ClientTimes times = {};
};

/// A coordinator of `member_id` at the backend that `url` names, with one thread of its own; not
/// started, nothing connects yet. It stops with its last owner, which must be an ordinary thread.
///
/// Blocks:  while the thread starts.
/// Errors:  as connect(), but for ConnectionError; start() judges again, by what the backend says
/// Source:  tooz coordination.get_coordinator
std::shared_ptr<Coordinator> get_coordinator(const std::string& url, const std::string& member_id,
                                             const GetCoordinatorOptions& options = {});

}  // namespace conclave
