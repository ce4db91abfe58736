// The driver contract's places on real servers.

#include <future>
#include <stdexcept>

#include "asio_session.hpp"
#include "live/fixture/replicated_redis.hpp"
#include "live/fixture/temp_folder.hpp"
#include "suite.hpp"

namespace conclave::contract {
namespace {

std::string local(int port) { return "127.0.0.1:" + std::to_string(port); }

class LivePlace : public Place {
public:
    void run(const std::string& url, const std::function<void(Session&)>& body) override {
        run_asio_session(url, body);
    }
    // On a thread and a runtime of its own; tests/interop has processes.
    void run_elsewhere(Session& here, const std::function<void(Session&)>& body) override {
        auto end = std::async(std::launch::async, [&] { run_asio_session(here.url(), body); });
        const auto ended = [&] {
            return end.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
        };
        if (!here.eventually(ended)) throw std::runtime_error("the other session did not end");
        end.get();
    }
};

class LiveSingle : public LivePlace {
public:
    explicit LiveSingle(const PlaceOptions& options) : server_(server_options(options)) {}

    std::string url(const std::string& user_info) const override {
        return "redis://" + user_info + local(server_.port());
    }
    void kill_master() override { server_.kill(); }

private:
    static live::RedisOptions server_options(const PlaceOptions& options) {
        if (options.password.empty()) return {};
        return {.lines = {"requirepass " + options.password}};
    }
    live::RedisServer server_;
};

class LiveReplicated : public LivePlace {
public:
    std::string url(const std::string& user_info) const override {
        const std::vector<int>& ports = redis_.sentinel_ports();
        return "redis://" + user_info + local(ports[0]) +
               "?sentinel=" + live::ReplicatedRedis::master_name +
               "&sentinel_fallback=" + local(ports[1]) + "&sentinel_fallback=" + local(ports[2]);
    }
    void kill_master() override { redis_.kill_master(); }

private:
    live::ReplicatedRedis redis_;
};

class LiveFolder : public LivePlace {
public:
    std::string url(const std::string&) const override {
        return "file://" + folder_.file("coordination");
    }

private:
    live::TempFolder folder_;
};

}  // namespace

std::vector<PlaceKind> place_kinds() {
    using enum PlaceKind::Backend;
    return {{"real", server,
             [](const PlaceOptions& options) { return std::make_unique<LiveSingle>(options); }},
            {"real_sentinel", replicated,
             [](const PlaceOptions&) { return std::make_unique<LiveReplicated>(); }},
            {"real_folder", folder,
             [](const PlaceOptions&) { return std::make_unique<LiveFolder>(); }}};
}

}  // namespace conclave::contract
