#pragma once

// The fixture of the environment contract and what its tests say often.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "conclave/sync.hpp"
#include "contract_world.hpp"

namespace conclave::contract {

using namespace std::chrono_literals;

/// Far enough away that only a failure reaches it.
inline Deadline soon(Runtime& runtime) { return runtime.after(20s); }
inline Deadline already_past(Runtime& runtime) { return Deadline(runtime.clock.now() - 1ms); }

/// Two ends of one connection. Connected before it is accepted: a kernel does that by itself.
struct Ends {
    std::unique_ptr<Listener> listener;
    std::unique_ptr<Connection> near;
    std::unique_ptr<Connection> far;
};

class EnvironmentContract : public testing::TestWithParam<WorldKind> {
protected:
    void in_world(const std::function<void(Runtime&)>& body) { world_->run(body); }
    void with_ends(const std::function<void(Runtime&, Ends&)>& body);

    std::unique_ptr<ContractWorld> world_ = GetParam().make();
};

/// The last argument of INSTANTIATE_TEST_SUITE_P.
inline std::string world_name(const testing::TestParamInfo<WorldKind>& info) {
    return info.param.name;
}

/// Runs every one of `operations` on a fiber of its own, then `act` once each of them waits or has
/// ended, and joins them. An operation waits when its fiber has given up control.
void while_waiting(Runtime& runtime, const std::vector<std::function<void()>>& operations,
                   const std::function<void(TaskGroup&)>& act);

/// The bytes begin..begin+size-1 of one never-ending text that repeats nowhere near.
std::string text_at(std::size_t begin, std::size_t size);

/// Writes text_at() from 0 on until the peer, which does not read, has no room left. How many bytes
/// were accepted; at least one of them is unread at the peer then.
std::size_t fill(Runtime& runtime, Connection& connection);

struct Received {
    IoStatus status = IoStatus::ok;  ///< of the read that ended it
    std::string text;
    friend bool operator==(const Received&, const Received&) = default;
};
std::ostream& operator<<(std::ostream& out, const Received& received);

/// Reads until `size` bytes have come or a read is not ok.
Received receive(Runtime& runtime, Connection& connection, std::size_t size);
/// Reads until a read is not ok.
Received receive_all(Runtime& runtime, Connection& connection);
/// The status of reading one byte.
IoStatus read_one(Connection& connection, Deadline deadline);
/// Writes until that is not ok any more; its status.
IoStatus write_until_it_ends(Runtime& runtime, Connection& connection);

}  // namespace conclave::contract

namespace conclave {
inline void PrintTo(IoStatus status, std::ostream* out) { *out << to_string(status); }
inline void PrintTo(const IoResult& result, std::ostream* out) {
    *out << to_string(result.status) << " after " << result.bytes << " bytes";
}
}  // namespace conclave
