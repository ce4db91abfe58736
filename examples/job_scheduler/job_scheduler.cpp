#include "job_scheduler.hpp"

#include <conclave/error.hpp>
#include <conclave/sync.hpp>

namespace jobs {

using namespace std::chrono_literals;

void JobScheduler::work_until(int last) {
    conclave::Election election = client_.election("job-scheduler");
    while (!finished_) {
        try {
            election.lead([&](conclave::Leadership& leadership) { lead(leadership, last); });
        } catch (const conclave::Error&) {
            conclave::sleep_for(runtime_, 200ms);  // the backend is away: campaign again
        }
    }
}

void JobScheduler::prepare() { conclave::sleep_for(runtime_, 100ms); }

void JobScheduler::lead(conclave::Leadership& leadership, int last) {
    const std::uint64_t epoch = fence_ == Fence::epoch ? leadership.epoch() : 0;
    while (leadership.valid() && !finished_) {
        const std::optional<std::set<int>> done = store_.done(epoch);
        if (!done) return;  // stand down: another may reach the store
        const int next = done->empty() ? 1 : *done->rbegin() + 1;
        finished_ = next > last;
        if (finished_) return;
        prepare();
        // Since the last look the process may have stood still for longer than the lease, and it may
        // do so again after the next one. No look can prevent that; the epoch can.
        store_.run(next, epoch);
    }
}

}  // namespace jobs
