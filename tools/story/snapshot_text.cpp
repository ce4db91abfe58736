#include "snapshot_text.hpp"

#include <sstream>
#include <vector>

#include "focus.hpp"

namespace conclave::tool {

using scenarios::Snapshot;

namespace {

std::string until_text(std::int64_t until_ns) {
    if (until_ns == properties::never_ns) return "without an end";
    return "until " + moment_text(until_ns) + " unless renewed";
}

void print_section(std::ostream& out, const std::string& heading, const std::vector<std::string>& lines) {
    out << heading << '\n';
    for (const std::string& line : lines) out << "  " << line << '\n';
    if (lines.empty()) out << "  none\n";
}

std::vector<std::string> process_lines(const Snapshot& snapshot) {
    std::vector<std::string> lines;
    for (const Snapshot::ProcessState& process : snapshot.processes)
        lines.push_back(process.name + "  " + process.state +
                        (process.incarnation > 1
                             ? ", started " + std::to_string(process.incarnation) + " times"
                             : ""));
    return lines;
}

std::vector<std::string> belief_lines(const Snapshot& snapshot) {
    std::vector<std::string> lines;
    for (const Snapshot::Belief& belief : snapshot.beliefs)
        lines.push_back(belief.client + (belief.leadership ? " leads " : " holds ") +
                        belief.object +
                        (belief.token ? ", token " + std::to_string(belief.token) : "") +
                        ", since " + moment_text(belief.since_ns) + ", " +
                        until_text(belief.until_ns));
    for (const Snapshot::Membership& membership : snapshot.memberships)
        lines.push_back(membership.member + " is a member of " + membership.group + ", since " +
                        moment_text(membership.since_ns) + ", " +
                        until_text(membership.until_ns));
    return lines;
}

std::vector<std::string> operation_lines(const Snapshot& snapshot) {
    std::vector<std::string> lines;
    for (const properties::Operation& operation : snapshot.open)
        lines.push_back(call_text(operation) + ", called at " + moment_text(operation.call_ns));
    return lines;
}

std::vector<std::string> fault_lines(const Snapshot& snapshot) {
    std::vector<std::string> lines;
    for (const Snapshot::ActiveFault& fault : snapshot.faults)
        lines.push_back(fault.text + ", since " + moment_text(fault.begin_ns) +
                        (fault.end_ns > fault.begin_ns ? ", until " + moment_text(fault.end_ns)
                                                       : ", which has no length"));
    return lines;
}

}  // namespace

std::string to_text(const Snapshot& snapshot) {
    std::ostringstream out;
    out << "cut off at " << moment_text(snapshot.at_ns) << ", after " << snapshot.events
        << " events of the trace" << (snapshot.healed ? ", in the phase without faults" : "")
        << "; nothing is judged and no hash compared\n";
    print_section(out, "processes", process_lines(snapshot));
    print_section(out, "what clients believe", belief_lines(snapshot));
    print_section(out, "open operations", operation_lines(snapshot));
    print_section(out, "active faults", fault_lines(snapshot));
    return out.str();
}

}  // namespace conclave::tool
