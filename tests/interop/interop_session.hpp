#pragma once

// One real server, one tooz process, and sessions of our driver in the key form of Debian's tooz.

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "live/contract/asio_session.hpp"
#include "live/fixture/redis_server.hpp"
#include "tooz_peer.hpp"

namespace conclave::interop {

using contract::Session;

class Interop : public testing::Test {
protected:
    void in_session(const std::function<void(Session&)>& body) {
        const std::string url =
            "redis://127.0.0.1:" + std::to_string(server_.port()) + "?lock_key=old";
        contract::run_asio_session(url, body);
    }

    live::RedisServer server_;
    ToozPeer tooz_{server_.port(), "tooz"};
};

}  // namespace conclave::interop
