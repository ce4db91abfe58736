#include "conclave/sim/trace.hpp"

#include <algorithm>
#include <cstring>
#include <ostream>
#include <sstream>

#include "conclave/files.hpp"
#include "conclave/sim/sim_network.hpp"

namespace conclave::sim {

namespace {
const char* name_of(FaultKind kind) {
    switch (kind) {
        case FaultKind::partition: return "partition";
        case FaultKind::clog: return "clog";
        case FaultKind::black_hole: return "black hole";
        case FaultKind::half_open: return "half-open";
        case FaultKind::reset: return "connections reset";
        case FaultKind::refused: return "connects refused";
        case FaultKind::unreachable: return "unreachable";
        case FaultKind::request_lost: return "request lost";
        case FaultKind::reply_lost: return "reply lost";
        case FaultKind::power_loss: return "power loss";
        case FaultKind::power_on: return "power on";
        case FaultKind::suspend: return "suspended";
        case FaultKind::host_resume: return "resumed";
        case FaultKind::wall_clock_step: return "wall clock stepped";
        case FaultKind::clock_rate: return "clock rate changed";
        case FaultKind::clock_step: return "clock stepped";
        case FaultKind::heal: return "healed";
        case FaultKind::slow_reader: return "stopped reading";
    }
    return "?";
}

/// `names` is a list of words separated by spaces; word `index`, or the number itself.
std::string pick(std::string_view names, std::uint64_t index) {
    std::istringstream words{std::string(names)};
    std::string word;
    for (std::uint64_t at = 0; words >> word; ++at)
        if (at == index) return word;
    return std::to_string(index);
}

void describe(std::ostream& out, const TraceRecord& event) {
    switch (event.kind) {
        case TraceKind::choice:
            out << "runs fiber " << event.a << ", chosen of " << event.b;
            return;
        case TraceKind::timer: out << "deadline of fiber " << event.a; return;
        case TraceKind::message:
            out << "writes " << (event.b & 0xffffffff) << " bytes to connection "
                << (event.b >> 32) << ", hash " << std::hex << event.a << std::dec;
            return;
        case TraceKind::delivery:
            out << "gets " << event.b << " bytes on connection " << event.a;
            return;
        case TraceKind::connection:
            out << "connection " << event.a << ' '
                << pick("? opened finished reset refused", event.b);
            return;
        case TraceKind::process:
            out << pick("started crashed paused resumed", event.b) << ", incarnation " << event.a;
            return;
        case TraceKind::fault:
            out << name_of(static_cast<FaultKind>(event.a)) << ' '
                << static_cast<std::int64_t>(event.b);
            return;
        case TraceKind::observed:
            out << pick("debug info warning error", event.b) << ": ";
            return;
        case TraceKind::file:
            out << to_string(static_cast<FileStatus>(event.b)) << ": ";
            return;
        case TraceKind::operation: out << "operation " << event.a << ' ' << event.b; return;
    }
}
}  // namespace

std::uint64_t Trace::hash_bytes(std::string_view bytes) noexcept {
    std::uint64_t hash = multiplier_a ^ bytes.size();
    while (bytes.size() >= sizeof(std::uint64_t) * 2) {
        std::uint64_t words[2];
        std::memcpy(words, bytes.data(), sizeof words);
        hash = fold(hash ^ words[0], words[1] ^ multiplier_b);
        bytes.remove_prefix(sizeof words);
    }
    std::uint64_t rest[2] = {};
    // An empty view may point nowhere, which memcpy does not take.
    if (!bytes.empty()) std::memcpy(rest, bytes.data(), bytes.size());
    return fold(hash ^ rest[0], rest[1] ^ multiplier_b);
}

void Trace::add_text(std::uint64_t hash, std::string_view text) {
    if (keep_) texts_.emplace_back(hash, text);
}

void Trace::add_transfer(TraceTransfer transfer) {
    if (!keep_) return;
    transfer.record = records_.size() - 1;
    transfers_.push_back(std::move(transfer));
}

std::string Trace::render(const TraceRecord& event) const {
    std::ostringstream out;
    out << WorldTime{event.nanoseconds} << "  ";
    if (event.subject > 0 && event.subject <= subjects_.size())
        out << subjects_[event.subject - 1] << ": ";
    describe(out, event);
    const bool has_text = event.kind == TraceKind::observed || event.kind == TraceKind::file;
    if (!has_text) return out.str();
    const auto text = std::find_if(texts_.begin(), texts_.end(),
                                   [&](const auto& known) { return known.first == event.a; });
    if (text != texts_.end()) out << text->second;
    return out.str();
}

void Trace::print(std::ostream& out, std::size_t count) const {
    const std::size_t first = records_.size() - std::min(count, records_.size());
    for (std::size_t index = first; index < records_.size(); ++index)
        out << render(records_[index]) << '\n';
}

std::ostream& operator<<(std::ostream& out, const Divergence& divergence) {
    return out << "event " << divergence.index << " differs:\n  first run:  " << divergence.first
               << "\n  second run: " << divergence.second;
}

std::optional<Divergence> check_determinism(const std::function<Trace()>& run) {
    const Trace first = run();
    const Trace second = run();
    if (first.hash() == second.hash() && first.count() == second.count()) return std::nullopt;
    const auto& left = first.records();
    const auto& right = second.records();
    const auto [parted, other] =
        std::mismatch(left.begin(), left.end(), right.begin(), right.end());
    const auto render = [](const Trace& trace, auto at) {
        if (at != trace.records().end()) return trace.render(*at);
        return std::string(trace.kept() ? "(ended)" : "(trace not kept)");
    };
    return Divergence{static_cast<std::uint64_t>(parted - left.begin()), render(first, parted),
                      render(second, other)};
}

}  // namespace conclave::sim
