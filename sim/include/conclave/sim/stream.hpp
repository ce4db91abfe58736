#pragma once

// Random numbers of the simulator: xoshiro256** seeded through splitmix64, with integer
// distributions of our own, so that a seed means the same on every compiler and library.
//
// A stream splits into named streams. A split depends on the names alone, never on how many numbers
// were drawn before: removing one fault leaves the draws of every other stream where they were.
// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2018).

#include <bit>
#include <cstdint>
#include <string_view>

#include "conclave/time.hpp"

namespace conclave::sim {

class Stream {
public:
    explicit Stream(std::uint64_t seed) noexcept : key_(seed) {
        std::uint64_t counter = seed;
        for (std::uint64_t& word : state_) word = splitmix(counter);
    }

    /// 64 uniform bits.
    std::uint64_t next() noexcept {
        const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
        const std::uint64_t shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

    /// A number in 0..bound-1; 0 when `bound` is 0. Always one draw: the bias of at most
    /// bound / 2^64 is nothing that a simulation could see.
    std::uint64_t below(std::uint64_t bound) noexcept {
        return static_cast<std::uint64_t>((static_cast<Wide>(next()) * bound) >> 64);
    }

    /// A duration in low..high, both included; `low` when high <= low. Always one draw.
    Duration between(Duration low, Duration high) noexcept {
        const std::uint64_t span =
            high > low ? static_cast<std::uint64_t>((high - low).count()) + 1 : 1;
        return low + Duration(static_cast<std::int64_t>(below(span)));
    }

    /// True with the given probability; always one draw.
    bool chance(double probability) noexcept {
        return static_cast<double>(next() >> 11) * 0x1.0p-53 < probability;
    }

    /// An independent stream; the same for the same chain of names whatever was drawn.
    Stream split(std::string_view name) const noexcept {
        std::uint64_t hash = 0xcbf29ce484222325;
        for (const char letter : name)
            hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
        return split(hash ^ 0x9e3779b97f4a7c15);
    }
    Stream split(std::uint64_t index) const noexcept {
        std::uint64_t counter = key_ ^ std::rotl(index * 0xd6e8feb86659fd93, 32);
        return Stream(splitmix(counter));
    }

private:
    __extension__ using Wide = unsigned __int128;

    static std::uint64_t splitmix(std::uint64_t& counter) noexcept {
        std::uint64_t mixed = (counter += 0x9e3779b97f4a7c15);
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }

    std::uint64_t key_;
    std::uint64_t state_[4];
};

}  // namespace conclave::sim
