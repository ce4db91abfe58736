#include "conclave/sim/world.hpp"
#include "files_world.hpp"

namespace conclave::contract {
namespace {

constexpr sim::WorldTime time_limit{Duration(10min).count()};

class SimFilesWorld final : public FilesWorld {
public:
    explicit SimFilesWorld(bool shared) : folder_(shared ? "/mnt/folder" : "/folder") {
        if (shared) host_.mount("/mnt", world_.add_share());
        run([&](Runtime& runtime) {
            EXPECT_TRUE(runtime.files.make_folders(folder_, runtime.after(1min)).ok());
        });
    }

    void run(const std::function<void(Runtime&)>& body) override {
        bool ended = false;
        const std::string name = "process-" + std::to_string(++processes_);
        world_.add_process(host_, name, [&](sim::Process& process) {
            body(process.runtime());
            ended = true;
        });
        EXPECT_TRUE(world_.run_while([&] { return !ended; }, time_limit)) << "it did not end";
    }
    std::string folder() const override { return folder_; }
    void link_folder(const std::string& path) override { host_.disk().link(path, folder_); }

private:
    const std::string folder_;
    sim::World world_{{.seed = 1}};
    sim::Host& host_ = world_.add_host("host");
    int processes_ = 0;
};

}  // namespace

std::vector<FilesWorldKind> files_world_kinds() {
    return {{"simulated", [] { return std::make_unique<SimFilesWorld>(false); }},
            {"simulated_share", [] { return std::make_unique<SimFilesWorld>(true); }}};
}

}  // namespace conclave::contract
