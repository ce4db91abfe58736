#pragma once

// What happened in a run: every event goes into a running 64-bit hash as a fixed-size record, and is
// stored only when the world was asked to keep its trace. Equal hashes mean equal runs.
// Format: docs/simulation.md.

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conclave/sim/world_time.hpp"

namespace conclave::sim {

enum class TraceKind : std::uint8_t {
    choice,      ///< a = id of the fiber chosen, b = how many were ready
    timer,       ///< a = id of the fiber whose deadline came
    message,     ///< a = hash of the bytes, b = connection and length; recorded when written
    delivery,    ///< a = connection, b = bytes that became readable
    connection,  ///< a = connection, b = ConnectionStep
    process,     ///< a = incarnation, b = ProcessStep
    fault,       ///< a = FaultKind, b = its target or parameter
    observed,    ///< a = hash of an Observer event's texts, b = its severity
    operation,   ///< written by a recorder: a and b are its own
    file,        ///< a = hash of a step on a file and what it wrote, b = its FileStatus
};

/// One event. No padding and no strings: its bytes are its identity.
struct TraceRecord {
    std::int64_t nanoseconds = 0;
    TraceKind kind = TraceKind::choice;
    std::uint8_t reserved[3] = {};
    std::uint32_t subject = 0;  ///< ordinal of the process or host it concerns, from 1; 0 none
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    friend bool operator==(const TraceRecord&, const TraceRecord&) = default;
};

/// What a message or delivery record of a kept trace moved: bytes of one direction of a connection.
/// A delivery brings what messages with overlapping offsets had written.
struct TraceTransfer {
    static constexpr std::size_t text_bytes_max = 240;
    std::uint64_t record = 0;      ///< index of the record
    std::uint64_t connection = 0;
    bool reply = false;            ///< towards the end that had connected
    std::uint32_t process = 0;     ///< subject of the process at this end
    std::uint32_t other_end = 0;   ///< subject of the process at the other end
    std::uint64_t begin = 0;       ///< offsets in the stream
    std::uint64_t end = 0;
    std::string text = {};         ///< of a message: the bytes, as far as text_bytes_max
};

/// A plain value: it may outlive its world.
class Trace {
public:
    explicit Trace(bool keep = false) : keep_(keep) {}

    void record(const TraceRecord& event) {
        hash_ = fold(hash_ ^ static_cast<std::uint64_t>(event.nanoseconds),
                     (static_cast<std::uint64_t>(event.kind) << 32 | event.subject) ^ multiplier_a);
        hash_ = fold(hash_ ^ event.a, event.b ^ multiplier_b);
        ++count_;
        if (keep_) [[unlikely]] records_.push_back(event);
    }

    std::uint64_t hash() const noexcept { return hash_; }
    std::uint64_t count() const noexcept { return count_; }
    bool kept() const noexcept { return keep_; }
    const std::vector<TraceRecord>& records() const noexcept { return records_; }

    /// Names subject `subjects() + 1` for rendering.
    void add_subject(std::string name) { subjects_.push_back(std::move(name)); }
    std::size_t subjects() const noexcept { return subjects_.size(); }
    /// Remembers the text behind a hash, for rendering; only when the trace is kept.
    void add_text(std::uint64_t hash, std::string_view text);

    const std::vector<std::pair<std::uint64_t, std::string>>& texts() const noexcept {
        return texts_;
    }
    const std::string& subject_name(std::uint32_t subject) const { return subjects_.at(subject - 1); }
    /// Says what the last record moved; only when the trace is kept. No part of the hash.
    void add_transfer(TraceTransfer transfer);
    /// In the order of their records.
    const std::vector<TraceTransfer>& transfers() const noexcept { return transfers_; }

    /// One line, without a line break: time, subject, what happened.
    std::string render(const TraceRecord& event) const;
    /// All records, or only those of the last `count`.
    void print(std::ostream& out, std::size_t count = static_cast<std::size_t>(-1)) const;

    /// Hashes bytes for the `a` of a record.
    static std::uint64_t hash_bytes(std::string_view bytes) noexcept;

private:
    __extension__ using Wide = unsigned __int128;
    static constexpr std::uint64_t multiplier_a = 0xa0761d6478bd642f;
    static constexpr std::uint64_t multiplier_b = 0xe7037ed1a0b428db;
    /// Multiplies to 128 bits and folds them: one instruction that mixes every bit.
    static std::uint64_t fold(std::uint64_t left, std::uint64_t right) noexcept {
        const Wide product = static_cast<Wide>(left) * right;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }

    bool keep_;
    std::uint64_t hash_ = 0x8ebc6af09c88c6e3;
    std::uint64_t count_ = 0;
    std::vector<TraceRecord> records_;
    std::vector<std::string> subjects_;
    std::vector<std::pair<std::uint64_t, std::string>> texts_;
    std::vector<TraceTransfer> transfers_;
};

/// Where two runs that should be equal part.
struct Divergence {
    std::uint64_t index = 0;  ///< of the first event that differs
    std::string first;        ///< how the first run went on there
    std::string second;
    friend std::ostream& operator<<(std::ostream& out, const Divergence& divergence);
};

/// Calls `run` twice and compares the traces; nullopt when they are equal. `run` builds its world
/// with keep_trace and returns its trace; without kept records the event cannot be named.
std::optional<Divergence> check_determinism(const std::function<Trace()>& run);

}  // namespace conclave::sim
