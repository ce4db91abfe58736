#pragma once

// Reads one journal into a Merged.

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "merged.hpp"

namespace conclave::torture {

class JournalReader {
public:
    JournalReader(Merged& merged, const ProcessEnd& end);
    void read(const nlohmann::json& line);

    /// Nothing follows: the process has ended.
    void finish();

private:
    struct Belief {
        scenarios::Observed kind{};
        properties::Hold hold;
        std::int64_t until_ns = 0;
    };

    /// Far futures, and what never was, stay what they are.
    std::int64_t since_origin(std::int64_t ns) const;
    std::int64_t time(const nlohmann::json& line, const char* key) const;
    static scenarios::Observed kind_of(const nlohmann::json& line) {
        return line.at("kind").get<scenarios::Observed>();
    }
    properties::Calls& calls(scenarios::Observed kind) { return merged_.log.of(kind); }
    properties::TextId text(scenarios::Observed kind, const nlohmann::json& line, const char* key);
    void begun(const nlohmann::json& line);
    void ended(const nlohmann::json& line);
    void earlier_lives_may_end(const nlohmann::json& line);

    /// In a session of its own: its process did not wait for it.
    void add_unknown(properties::Call call, std::int64_t call_ns);
    void may_come_back(const nlohmann::json& life);
    void expire_what_no_lease_ends();
    void believes(const nlohmann::json& line);
    void looked(const nlohmann::json& line);
    void no_longer_believes(const nlohmann::json& line);
    void close(Belief& open, std::int64_t at_ns, properties::HoldEnd end);
    void read_members(const nlohmann::json& line);
    void started(const nlohmann::json& line);

    Merged& merged_;
    const ProcessEnd& end_;
    std::int64_t end_at_ns_ = 0;
    std::int64_t released_from_ns_ = properties::never_ns;
    std::string session_;
    std::map<std::pair<scenarios::Observed, std::uint32_t>, std::size_t> numbers_;
    std::vector<std::pair<scenarios::Observed, std::size_t>> without_lease_;  ///< acquisitions
    std::set<properties::TextId> released_;  ///< owners that gave up what they had
    std::map<std::uint64_t, Belief> beliefs_;
    std::vector<std::size_t> earlier_joins_;  ///< of earlier incarnations
    nlohmann::json doubtful_ = nlohmann::json::array();
};

}  // namespace conclave::torture
