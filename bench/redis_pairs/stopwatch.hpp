#pragma once

#include <chrono>

namespace conclave::bench {

/// Calls `pair` as often and says how often that is in a second.
template <class Pair>
double per_second(int pairs, Pair pair) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < pairs; ++i) pair();
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    return pairs / spent.count();
}

}  // namespace conclave::bench
