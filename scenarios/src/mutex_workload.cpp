// Locks and leaderships through handles, which are looked at as an application would.

#include <algorithm>

#include "backend.hpp"
#include "workload.hpp"

namespace conclave::scenarios {

namespace {

using properties::HoldEnd;

/// Holds a handle for the length of a step and looks at it all the while.
class HandleWorkload : public Workload {
public:
    using Workload::Workload;

protected:
    /// Until the step is over or the handle says that it is lost.
    void keep(const Handle& handle, const Recorder::OpenHold& hold, const Step& step) {
        Runtime& runtime = process_.runtime();
        const Validity validity = handle.validity();
        const TimePoint end = saturating_add(runtime.clock.now(), step.length);
        const Duration between_looks = backend_of(plan_).lease(plan_.driver_options) / 10;
        while (look(handle, hold), validity.valid() && runtime.clock.now() < end) {
            const TimePoint next = saturating_add(runtime.clock.now(), between_looks);
            sleep_until(runtime, Deadline(std::min({end, validity.until(), next})));
        }
        if (validity.valid()) return;
        // The timer of the stop token is due at the same instant: whoever looked first gives way. Who
        // was stopped meanwhile gives way again: what runs first then is no one's choice.
        constexpr Duration moment = std::chrono::milliseconds(1);
        for (TimePoint slept; slept = runtime.clock.now(), sleep_for(runtime, moment);)
            if (runtime.clock.now() - slept < 2 * moment) break;
        recorder_.look(hold, validity, handle.stop_token().stop_requested(), true);
    }

    /// Every fourth hold is left to the handle's destructor, which does not wait.
    static bool drops(const Step& step) { return step.length.count() % 4 == 0; }

private:
    void look(const Handle& handle, const Recorder::OpenHold& hold) {
        recorder_.look(hold, handle.validity(), handle.stop_token().stop_requested(), false);
    }
};

class MutexWorkload final : public HandleWorkload {
public:
    MutexWorkload(const WorkloadParts& parts, Client& client)
        : HandleWorkload(parts), client_(client) {}

    void step(const Step& step) override {
        properties::Operation& operation =
            recorder_.call(name_, shares(step) ? "share" : "acquire", step.object);
        std::optional<HeldLock> held;
        const bool answered = recorded(recorder_, operation, [&] {
            Mutex mutex = client_.mutex(step.object);
            held = shares(step) ? mutex.acquire_shared_for(plan_.wait)
                                : mutex.acquire_for(plan_.wait);
            return held ? "token " + std::to_string(held->token()) : std::string("not obtained");
        });
        if (answered) note_alone(operation, held.has_value());
        if (answered && shares(step)) note_shared(operation, held.has_value());
        if (!held) return;
        Recorder::OpenHold& hold =
            recorder_.open(process_, operation, held->token(), false,
                           [validity = held->validity()] { return validity.until(); });
        hold.hold.shared = shares(step);
        GuardedWork::Hold work = work_.begin(step.object, held->token());
        keep(*held, hold, step);
        work.write();
        recorder_.close(hold, HoldEnd::released);
        if (!drops(step)) release(*held, step.object);
    }

private:
    void release(HeldLock& held, const std::string& object) {
        properties::Operation& operation = recorder_.call(name_, "release", object);
        recorded(recorder_, operation,
                 [&] { return held.release() ? "released" : "was not held any more"; });
    }

    Client& client_;
};

class ElectionWorkload final : public HandleWorkload {
public:
    ElectionWorkload(const WorkloadParts& parts, Client& client)
        : HandleWorkload(parts), election_(client.election("group")) {}

    void step(const Step& step) override {
        if (step.action == "lead") return lead(step);
        if (step.action == "who") return who();
        properties::Operation& operation = recorder_.call(name_, "campaign", group());
        std::optional<Leadership> leadership;
        recorded(recorder_, operation, [&] {
            leadership = election_.campaign_for(Duration::zero());
            return leadership ? "leads" : "does not lead";
        });
        if (!leadership) return;
        reign(*leadership, operation, step);
        if (!drops(step)) resign(*leadership);
        leadership.reset();
        give_way();
    }

private:
    const std::string& group() const { return election_.group().bytes(); }

    void reign(const Leadership& leadership, const properties::Operation& operation,
               const Step& step) {
        Recorder::OpenHold& hold =
            recorder_.open(process_, operation, leadership.epoch(), true,
                           [validity = leadership.validity()] { return validity.until(); });
        GuardedWork::Hold work = work_.begin(group(), leadership.epoch());
        keep(leadership, hold, step);
        work.write();
        recorder_.close(hold, HoldEnd::released);
    }

    void who() {
        properties::Operation& operation = recorder_.call(name_, "who", group());
        recorded(recorder_, operation, [&] { return to_text(election_.leader()); });
    }

    void resign(Leadership& leadership) {
        properties::Operation& operation = recorder_.call(name_, "resign", group());
        recorded(recorder_, operation, [&] {
            return leadership.resign() ? "resigned" : "did not lead any more";
        });
    }

    /// As an application would: it waits for the leadership, and what it does as a leader is a body.
    void lead(const Step& step) {
        properties::Operation& leads = recorder_.call(name_, "lead", group());
        properties::Operation& campaign = recorder_.call(name_, "campaign", group());
        recorded(recorder_, leads, [&] {
            return end_text(election_.lead([&](const Leadership& leadership) {
                recorder_.finish(campaign, properties::Status::ok, "leads");
                reign(leadership, campaign, step);
            }));
        });
        give_way();
    }

    static const char* end_text(LeadEnd end) {
        switch (end) {
            case LeadEnd::resigned: return "resigned";
            case LeadEnd::lost: return "had lost it";
            case LeadEnd::stopped: return "the client stopped";
        }
        return "?";
    }

    Election election_;
};

}  // namespace

std::unique_ptr<Workload> make_mutex_workload(WorkloadParts parts, Client& client) {
    return std::make_unique<MutexWorkload>(parts, client);
}
std::unique_ptr<Workload> make_election_workload(WorkloadParts parts, Client& client) {
    return std::make_unique<ElectionWorkload>(parts, client);
}

}  // namespace conclave::scenarios
