// Many threads on one client of a real server, in plain text and over TLS.

#include "live/fixture/redis_server.hpp"
#include "threads.hpp"

namespace conclave {
namespace {

struct Server {
    bool tls = false;
    live::RedisServer redis{{.tls = tls}};
    std::string url() const {
        const std::string address = "127.0.0.1:" + std::to_string(redis.port());
        if (!tls) return "redis://" + address;
        return "rediss://" + address + "?ssl_ca_certs=" + redis.ca_file();
    }
};

class OnAServer : public Threads {
protected:
    explicit OnAServer(std::unique_ptr<Server> started)
        : Threads(started->url()), server(std::move(started)) {}
    std::unique_ptr<Server> server;
};

class ServerThreads : public OnAServer {
protected:
    ServerThreads() : OnAServer(std::unique_ptr<Server>(new Server{})) {}
};

class TlsThreads : public OnAServer {
protected:
    TlsThreads() : OnAServer(std::unique_ptr<Server>(new Server{.tls = true})) {}
};

TEST_F(ServerThreads, DoEverythingAtOnce) {
    Client me = client("me");
    at_once([&](int thread) {
        for (int round = 0; round < 4; ++round) EXPECT_TRUE(use(me, thread));
    });
    EXPECT_TRUE(me.stop().still_running.empty());
}

TEST_F(TlsThreads, DoEverythingAtOnce) {
    Client me = client("me");
    at_once([&](int thread) { EXPECT_TRUE(use(me, thread)); });
    EXPECT_TRUE(me.stop().still_running.empty());
}

// The server forgets nothing: whoever was refused tries again, and all of them get through.
TEST_F(ServerThreads, OutliveAServerThatIsKilled) {
    Client me = client("me");
    Progress progress;
    std::jthread working([&] {
        at_once([&](int thread) {
            for (int done = 0; done < 4;) {
                try {
                    Mutex mutex = me.mutex("L" + std::to_string(thread % 2));
                    const HeldLock held = mutex.acquire();
                    ++done;
                } catch (const Error&) {
                    // cut off: with no effect, or given back by the client
                }
                progress.step();
            }
        });
    });
    progress.wait_for(threads);
    // Here, because a server ends with the thread that started it.
    server->redis.kill();
    server->redis.restart();
    working.join();
    EXPECT_TRUE(me.stop().still_running.empty());
}

TEST_F(ServerThreads, AStopInTheMiddleEndsAllOfThem) {
    Client me = client("me");
    end_all_by_a_stop(me);
}

}  // namespace
}  // namespace conclave
