#include <filesystem>

#include "conclave/asio_runtime.hpp"
#include "files_world.hpp"
#include "live/fixture/temp_folder.hpp"

namespace conclave::contract {
namespace {

class PosixFilesWorld final : public FilesWorld {
public:
    PosixFilesWorld() { std::filesystem::create_directory(folder()); }
    void run(const std::function<void(Runtime&)>& body) override { run_on_this_thread(body); }
    std::string folder() const override { return temporary_.file("folder"); }
    void link_folder(const std::string& path) override {
        std::filesystem::create_directory_symlink(folder(), path);
    }

private:
    live::TempFolder temporary_;
};

}  // namespace

std::vector<FilesWorldKind> files_world_kinds() {
    return {{"operating_system", [] { return std::make_unique<PosixFilesWorld>(); }}};
}

}  // namespace conclave::contract
