#pragma once

// Small random histories of every model, about half of them explained by some order and the others
// nearly so. Drawn from an integer alone.

#include <cstdint>

#include "conclave/properties/calls.hpp"
#include "conclave/properties/models.hpp"

namespace conclave::fuzz {

/// A stream of numbers that depends on its seed alone (splitmix64).
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next();
    /// 0 .. bound - 1
    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>((next() >> 32) * bound >> 32);
    }
    bool chance(std::uint32_t percent) { return below(100) < percent; }

private:
    std::uint64_t state_;
};

struct Wishes {
    properties::Model model = properties::Model::register_;
    std::uint32_t calls_min = 5;
    std::uint32_t calls_max = 8;
    std::uint32_t objects = 1;
    bool unique = false;      ///< values written once, members that join once
    bool partitions = false;  ///< servers, and one partition
    std::uint32_t lies_percent = 15;  ///< how many answers of a bad history are wrong
    bool messages = false;    ///< between sessions, in two of three histories
};

properties::Calls draw_history(const Wishes& wishes, std::uint64_t seed);

}  // namespace conclave::fuzz
