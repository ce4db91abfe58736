#include "merged.hpp"

#include <algorithm>
#include <stdexcept>

#include "journal_reader.hpp"

namespace conclave::torture {

using nlohmann::json;
using properties::Call;
using scenarios::Observed;

Merged::Merged(std::int64_t origin_ns) : log(nullptr), origin_ns_(origin_ns) {}

void Merged::add(std::istream& journal, const ProcessEnd& end) {
    JournalReader reader(*this, end);
    std::string line;
    for (std::uint64_t number = 1; std::getline(journal, line); ++number) {
        if (journal.eof()) break;
        try {
            reader.read(json::parse(line));
        } catch (const std::exception& error) {
            throw std::runtime_error("the journal of " + end.who.process + "#" +
                                     std::to_string(end.who.number) + ", line " +
                                     std::to_string(number) + ": " + error.what());
        }
    }
    reader.finish();
}

void Merged::partitioned(std::int64_t begin_ns, std::int64_t end_ns,
                         const std::vector<std::string>& a, const std::vector<std::string>& b) {
    log.partitioned(begin_ns - origin_ns_, end_ns - origin_ns_, a, b);
}

void Merged::paused(const std::string& process, std::int64_t begin_ns, std::int64_t end_ns) {
    log.paused(process, begin_ns - origin_ns_, end_ns - origin_ns_);
}

void Merged::finish() {
    for (const Observed kind : scenarios::all_observed)
        std::stable_sort(log.of(kind).calls.begin(), log.of(kind).calls.end(),
                         [](const Call& a, const Call& b) { return a.call_ns < b.call_ns; });
}

}  // namespace conclave::torture
