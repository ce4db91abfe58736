#include <array>
#include <charconv>

#include "conclave/scenarios/plan.hpp"

namespace conclave::scenarios {

namespace {
struct Unit {
    std::string_view name;
    std::int64_t nanoseconds;
};
constexpr std::array<Unit, 4> units{{{"s", 1'000'000'000}, {"ms", 1'000'000}, {"us", 1'000}, {"ns", 1}}};
}  // namespace

bool parse_duration(std::string_view text, Duration& duration) noexcept {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    std::int64_t whole = 0;
    const char* const end = text.data() + text.size();
    auto [at, error] = std::from_chars(text.data(), end, whole);
    if (error != std::errc{} || whole < 0) return false;
    std::int64_t fraction = 0;
    std::int64_t scale = 1;
    if (at != end && *at == '.') {
        for (++at; at != end && *at >= '0' && *at <= '9' && scale < 1'000'000'000; ++at) {
            fraction = fraction * 10 + (*at - '0');
            scale *= 10;
        }
        if (scale == 1) return false;
    }
    const std::string_view name(at, static_cast<std::size_t>(end - at));
    for (const Unit& unit : units) {
        if (unit.name != name) continue;
        constexpr std::int64_t years_max = 9'000'000'000'000'000'000;
        if (whole > years_max / unit.nanoseconds) return false;
        const std::int64_t total = whole * unit.nanoseconds + fraction * unit.nanoseconds / scale;
        duration = Duration(negative ? -total : total);
        return true;
    }
    return false;
}

std::string to_text(Duration duration) {
    const std::int64_t count = duration.count();
    for (const Unit& unit : units)
        if (count % unit.nanoseconds == 0)
            return std::to_string(count / unit.nanoseconds) + std::string(unit.name);
    return std::to_string(count) + "ns";
}

namespace {
constexpr std::array<std::pair<FaultAction, std::string_view>, 24> action_names{{
    {FaultAction::partition, "partition"},
    {FaultAction::one_way, "one_way"},
    {FaultAction::clog, "clog"},
    {FaultAction::black_hole, "black_hole"},
    {FaultAction::reset, "reset"},
    {FaultAction::refuse, "refuse"},
    {FaultAction::half_open, "half_open"},
    {FaultAction::request_lost, "request_lost"},
    {FaultAction::reply_lost, "reply_lost"},
    {FaultAction::crash, "crash"},
    {FaultAction::power_loss, "power_loss"},
    {FaultAction::pause, "pause"},
    {FaultAction::suspend, "suspend"},
    {FaultAction::wall_step, "wall_step"},
    {FaultAction::clock_rate, "clock_rate"},
    {FaultAction::partial, "partial"},
    {FaultAction::ring, "ring"},
    {FaultAction::slow_reader, "slow_reader"},
    {FaultAction::vm_restore, "vm_restore"},
    {FaultAction::clock_step, "clock_step"},
    {FaultAction::disk_full, "disk_full"},
    {FaultAction::slow_command, "slow_command"},
    {FaultAction::too_many_connections, "too_many_connections"},
    {FaultAction::disk_hang, "disk_hang"},
}};
}  // namespace

std::string_view to_string(FaultAction action) noexcept {
    for (const auto& [known, name] : action_names)
        if (known == action) return name;
    return "?";
}

std::vector<FaultAction> fault_actions() {
    std::vector<FaultAction> all;
    for (const auto& [action, name] : action_names) all.push_back(action);
    return all;
}

bool two_sided(FaultAction action) noexcept {
    return (action <= FaultAction::reply_lost && action != FaultAction::refuse) ||
           action == FaultAction::partial;
}

bool of_a_server(FaultAction action) noexcept {
    return action == FaultAction::disk_full || action == FaultAction::slow_command ||
           action == FaultAction::too_many_connections;
}

bool needs_server(FaultAction action) noexcept {
    return two_sided(action) || of_a_server(action) || action == FaultAction::refuse ||
           action == FaultAction::ring || action == FaultAction::slow_reader;
}

bool parse(std::string_view text, FaultAction& action) noexcept {
    for (const auto& [known, name] : action_names) {
        if (name != text) continue;
        action = known;
        return true;
    }
    return false;
}

}  // namespace conclave::scenarios
