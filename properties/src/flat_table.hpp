#pragma once

// Two hash tables with open addressing. Nobody iterates over them, so the order of hashing is never
// seen; they are a fifth of a std::map's size, and searches live on them.

#include <cstdint>
#include <vector>

#include "fingerprint.hpp"

namespace conclave::properties {

/// 64-bit names and the numbers given to them.
class NumberTable {
public:
    NumberTable() : slots_(16) {}

    /// The number of `name`, which becomes `number` when it has none yet.
    std::uint32_t find_or_add(std::uint64_t name, std::uint32_t number) {
        if (4 * size_ >= 3 * slots_.size()) grow();
        Slot& slot = place(name);
        if (!slot.used) {
            slot = {name, number, true};
            ++size_;
        }
        return slot.number;
    }

private:
    struct Slot {
        std::uint64_t name = 0;
        std::uint32_t number = 0;
        bool used = false;
    };

    Slot& place(std::uint64_t name) {
        std::size_t at = mix(name + 1) & (slots_.size() - 1);
        while (slots_[at].used && slots_[at].name != name) at = (at + 1) & (slots_.size() - 1);
        return slots_[at];
    }
    void grow() {
        std::vector<Slot> old(2 * slots_.size());
        old.swap(slots_);
        for (const Slot& slot : old)
            if (slot.used) place(slot.name) = slot;
    }

    std::vector<Slot> slots_;
    std::size_t size_ = 0;
};

/// The fingerprints that a search has met: the latest ones, when there are more than the limit.
class FingerprintSet {
public:
    explicit FingerprintSet(std::size_t limit) : slots_(64), limit_(limit) {}

    bool contains(const Fingerprint& print) { return place(nonzero(print)) != Fingerprint{}; }

    /// A full set forgets all others before it: searches come back to what they met last.
    void insert(const Fingerprint& print) {
        if (contains(print)) return;
        if (size_ >= limit_) {
            slots_.assign(slots_.size(), Fingerprint{});
            size_ = 0;
        }
        place(nonzero(print)) = nonzero(print);
        ++size_;
        if (4 * size_ >= 3 * slots_.size()) grow();
    }

private:
    /// Zero marks a free slot.
    static Fingerprint nonzero(Fingerprint print) {
        if (print == Fingerprint{}) print.low = 1;
        return print;
    }
    Fingerprint& place(const Fingerprint& print) {
        std::size_t at = print.low & (slots_.size() - 1);
        while (slots_[at] != Fingerprint{} && slots_[at] != print)
            at = (at + 1) & (slots_.size() - 1);
        return slots_[at];
    }
    void grow() {
        std::vector<Fingerprint> old(2 * slots_.size());
        old.swap(slots_);
        for (const Fingerprint& print : old)
            if (print != Fingerprint{}) place(print) = print;
    }

    std::vector<Fingerprint> slots_;
    std::size_t limit_;
    std::size_t size_ = 0;
};

}  // namespace conclave::properties
