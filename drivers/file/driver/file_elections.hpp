#pragma once

// Elections in a folder, which tooz does not have: a lock file per group, whose fence names the
// leader. Campaigns and questions take the driver lock, so that nobody sees a leader that has the
// lock and has not left its name yet. Part of FileDriver.

#include "conclave/sync.hpp"
#include "conclave/unique_text.hpp"
#include "holds.hpp"

namespace conclave::file {

class FileElections final : public Elections {
public:
    FileElections(Runtime& runtime, Holds& holds, const Names& names, FiberMutex& turn)
        : runtime_(runtime), holds_(holds), names_(names), turn_(turn) {}

    std::optional<Lease> try_lead(const std::string& group, const std::string& owner,
                                  Deadline deadline) override;
    bool renew(Lease& leadership, Deadline deadline) override;
    bool resign(const Lease& leadership, Deadline deadline) override;
    Leader get_leader(const std::string& group, Deadline deadline) override;
    std::string new_owner() override { return unique_text(runtime_.random); }

private:
    Runtime& runtime_;
    Holds& holds_;
    const Names& names_;
    FiberMutex& turn_;
};

}  // namespace conclave::file
