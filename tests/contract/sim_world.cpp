// The environment contract in the simulator: a plain network, one that cuts every read and write to
// pieces on the way, and unix sockets; the last two with priorities instead of a uniform choice.

#include "conclave/sim/world.hpp"
#include "suite.hpp"

namespace conclave::contract {
namespace {

constexpr sim::WorldTime time_limit{Duration(10min).count()};

struct SimKind {
    sim::WorldOptions options;
    double segmentation = 0;
    bool local = false;  ///< unix sockets
};

class SimContractWorld final : public ContractWorld {
public:
    explicit SimContractWorld(const SimKind& kind) : kind_(kind), world_(kind.options) {
        world_.network().link(host_, host_).segmentation = kind.segmentation;
        world_.network().partition({&host_}, {&silent_host_});
    }

    void run(const std::function<void(Runtime&)>& body) override {
        bool ended = false;
        world_.add_process(host_, "process", [&](sim::Process& process) {
            body(process.runtime());
            ended = true;
        });
        EXPECT_TRUE(world_.run_while([&] { return !ended; }, time_limit)) << "it did not end";
    }
    Endpoint address() override {
        return kind_.local ? unix_address() : Endpoint{"127.0.0.1", 0, {}};
    }
    Endpoint unix_address() override {
        return {{}, 0, "/run/contract-" + std::to_string(++paths_)};
    }
    Endpoint silent_address() override { return {"silent", 7000, {}}; }

private:
    SimKind kind_;
    sim::World world_;
    sim::Host& host_ = world_.add_host("host");
    sim::Host& silent_host_ = world_.add_host("silent");
    int paths_ = 0;
};

WorldKind kind_of(const std::string& name, const SimKind& kind) {
    return {name, [kind] { return std::make_unique<SimContractWorld>(kind); }};
}

}  // namespace

std::vector<WorldKind> world_kinds() {
    return {kind_of("simulated", {.options = {.seed = 1}}),
            kind_of("simulated_cut",
                    {.options = {.seed = 2, .priority_scheduling = true}, .segmentation = 0.7}),
            kind_of("simulated_unix", {.options = {.seed = 3, .priority_scheduling = true},
                                       .segmentation = 0.2,
                                       .local = true})};
}

}  // namespace conclave::contract
