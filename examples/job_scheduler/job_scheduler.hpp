#pragma once

// The service under test: several processes, of which the leader runs jobs 1, 2, 3, ... one after the
// other, each once. It is ordinary code over a conclave::Client; it does not know of the simulator.

#include <conclave/client.hpp>

#include "job_store.hpp"

namespace jobs {

/// Whether the store is told the leader's epoch. Without it the service looks right, and is not.
enum class Fence : bool { none, epoch };

class JobScheduler {
public:
    JobScheduler(conclave::Runtime& runtime, conclave::Client client, JobStore store, Fence fence)
        : runtime_(runtime), client_(std::move(client)), store_(std::move(store)), fence_(fence) {}

    /// Campaigns, and runs jobs while it leads, until `last` has run.
    void work_until(int last);

private:
    void lead(conclave::Leadership& leadership, int last);
    void prepare();

    conclave::Runtime& runtime_;
    conclave::Client client_;
    JobStore store_;
    Fence fence_;
    bool finished_ = false;
};

}  // namespace jobs
