// The driver contract's places in the simulator.

#include <exception>
#include <stdexcept>

#include "conclave/servers/redis/sentinel.hpp"
#include "conclave/servers/redis/server.hpp"
#include "conclave/sim/world.hpp"
#include "suite.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;

constexpr const char* master_name = "primary";
constexpr std::uint16_t redis_port = 6379;
constexpr std::uint16_t sentinel_port = 26379;
constexpr sim::WorldTime time_limit{Duration(10min).count()};

sim::WorldOptions world_options() {
    return {.seed = 1, .link = {.latency_min = 100us, .latency_max = 500us}};
}

class SimPlace : public Place {
public:
    void run(const std::string& url, const std::function<void(Session&)>& body) override {
        const auto end = begin(url, body);
        const bool in_time = world_.run_while([&] { return !end->reached; }, time_limit);
        if (end->failure) std::rethrow_exception(end->failure);
        if (!in_time) throw std::runtime_error("the session did not end");
    }
    void run_elsewhere(Session& here, const std::function<void(Session&)>& body) override {
        const auto end = begin(here.url(), body);
        const bool in_time = here.eventually([&] { return end->reached; });
        if (end->failure) std::rethrow_exception(end->failure);
        if (!in_time) throw std::runtime_error("the other process did not end");
    }

protected:
    virtual sim::Host& client_host(const std::string& name) { return world_.add_host(name); }

    sim::Process& add_server(const std::string& host, servers::redis::ServerOptions options) {
        options.host = host;
        options.port = redis_port;
        auto disk = std::make_shared<servers::redis::Disk>();
        return world_.add_process(
            world_.add_host(host), host, [options, disk](sim::Process& process) {
                servers::redis::Server(process.runtime(), options, disk).run();
            });
    }

    sim::World world_{world_options()};

private:
    struct End {
        bool reached = false;
        std::exception_ptr failure;
    };
    /// Begins `body` in a process of its own.
    std::shared_ptr<End> begin(const std::string& url, std::function<void(Session&)> body) {
        const std::string name = "client-" + std::to_string(++clients_);
        auto end = std::make_shared<End>();
        world_.add_process(client_host(name), name, [url, body, end](sim::Process& process) {
            try {
                run_session(process.runtime(), url, body);
            } catch (const std::exception&) {
                end->failure = std::current_exception();
            }
            end->reached = true;
        });
        return end;
    }

    int clients_ = 0;
};

class SimSingle : public SimPlace {
public:
    explicit SimSingle(const PlaceOptions& options)
        : server_(add_server("redis", {.password = options.password})) {}

    std::string url(const std::string& user_info) const override {
        return "redis://" + user_info + "redis:6379";
    }
    void kill_master() override { server_.crash(); }

private:
    sim::Process& server_;
};

class SimReplicated : public SimPlace {
public:
    explicit SimReplicated(const PlaceOptions&) {
        master_ = &add_server("redis-1", {});
        for (const char* host : {"redis-2", "redis-3"})
            add_server(host, {.replica_of = Endpoint{"redis-1", redis_port}});
        for (const char* host : {"sentinel-1", "sentinel-2", "sentinel-3"}) add_sentinel(host);
        // Sentinels learn of replicas by INFO every 10 s and of each other by their hellos.
        world_.run_until(sim::WorldTime{Duration(15s).count()});
    }

    std::string url(const std::string& user_info) const override {
        return "redis://" + user_info + "sentinel-1:26379?sentinel=" + master_name +
               "&sentinel_fallback=sentinel-2:26379&sentinel_fallback=sentinel-3:26379";
    }
    void kill_master() override { master_->crash(); }

private:
    void add_sentinel(const std::string& host) {
        const servers::redis::SentinelOptions options{.listen = {host, sentinel_port},
                                                      .master_name = master_name,
                                                      .master = {"redis-1", redis_port},
                                                      .quorum = 2,
                                                      .down_after = 500ms,
                                                      .failover_timeout = 4s};
        world_.add_process(world_.add_host(host), host, [options](sim::Process& process) {
            servers::redis::Sentinel(process.runtime(), options).run();
        });
    }

    sim::Process* master_ = nullptr;
};

class SimFolder : public SimPlace {
public:
    std::string url(const std::string&) const override { return "file:///var/coordination"; }

private:
    sim::Host& client_host(const std::string&) override { return machine_; }
    sim::Host& machine_ = world_.add_host("machine");
};

}  // namespace

std::vector<PlaceKind> place_kinds() {
    using enum PlaceKind::Backend;
    return {{"simulated", server,
             [](const PlaceOptions& options) { return std::make_unique<SimSingle>(options); }},
            {"simulated_sentinel", replicated,
             [](const PlaceOptions& options) { return std::make_unique<SimReplicated>(options); }},
            {"simulated_folder", folder,
             [](const PlaceOptions&) { return std::make_unique<SimFolder>(); }}};
}

}  // namespace conclave::contract
