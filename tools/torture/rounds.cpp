#include "rounds.hpp"

namespace conclave::torture {

namespace {
constexpr std::uint64_t objects = 2;
}

Stage::Stage(Runtime& runtime_in, const RunOptions& run_in, const ClientOptions& client,
             Journal& journal_in)
    : runtime(runtime_in),
      run(run_in),
      journal(journal_in),
      draw(sim::Stream(run_in.seed)
               .split(client.who.process)
               .split(std::to_string(client.who.number))) {}

void Stage::rest(Duration length) {
    const TimePoint until = saturating_add(runtime.clock.now(), length);
    sleep_until(runtime, Deadline(std::min(until, run.end)));
}

std::string Stage::object() { return run.run + "-" + std::to_string(draw.below(objects)); }

std::string Stage::process_of(const std::string& member) const {
    const std::string ours = member_of(run, "");
    return member.starts_with(ours) ? member.substr(ours.size()) : member;
}

Duration Stage::wait() {
    const std::uint64_t quarters = draw.below(5);
    return run.ttl * static_cast<int>(quarters) / 4;
}

Duration Stage::hold() {
    const std::uint64_t percent = draw.below(100);
    const Duration longest = percent < 80 ? run.ttl / 20 : percent < 95 ? run.ttl / 2 : run.ttl * 3 / 2;
    return draw.between(Duration(0), longest);
}

void Stage::look(std::uint64_t belief, const Held& held) {
    // In this order: a renewal in between may move the deadline, but only away.
    const std::int64_t at_ns = now();
    const bool valid = held.valid();
    journal.looked(belief, at_ns, valid, nanoseconds(held.until()));
}

void Stage::keep(std::uint64_t belief, const Held& held, Duration length) {
    const TimePoint end = std::min(saturating_add(runtime.clock.now(), length), run.end);
    while (look(belief, held), held.valid() && runtime.clock.now() < end) {
        const TimePoint next = saturating_add(runtime.clock.now(), run.ttl / 10);
        sleep_until(runtime, Deadline(std::min({end, held.until(), next})));
    }
}

void Stage::give_up(std::uint64_t belief, const Held& held) {
    journal.no_longer_believes(belief, now(), nanoseconds(held.until()));
}

}  // namespace conclave::torture
