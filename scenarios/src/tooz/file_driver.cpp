#include "file_driver.hpp"

#include "outcome.hpp"

namespace conclave::tooz {

FileDriver::FileDriver(Runtime& runtime, std::shared_ptr<ProcessLocks> process, std::string folder,
                       Duration timeout, const std::string& member_id)
    : BeatingDriver(runtime),
      runtime_(runtime),
      folder_(std::move(folder)),
      timeout_(timeout),
      locks_(runtime, process, folder_, false),
      shared_locks_(runtime, process, folder_, true),
      groups_(runtime, process, folder_, timeout, member_id) {}

void FileDriver::start(Deadline deadline) {
    for (const char* const part : {"", "/groups", "/tmp"})
        require(runtime_.files.make_folders(folder_ + part, deadline));
}

Duration FileDriver::beat(Deadline deadline) {
    groups_.heartbeat(deadline);
    return timeout_;
}

void FileDriver::stop(Deadline) {
    heart_.stop();
    locks_.release_all();
    shared_locks_.release_all();
}

Claims FileDriver::claims() const {
    return {{Characteristic::non_timeout_based, Characteristic::distributed_across_threads,
             Characteristic::distributed_across_processes},
            {}};
}

}  // namespace conclave::tooz
